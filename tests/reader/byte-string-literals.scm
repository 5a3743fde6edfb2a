; SRFI 207: a bytevector written as a string of ASCII.
#u8"hello"                                 ; expect: #u8(104 101 108 108 111)
#u8""                                      ; expect: #u8()
#u8"a\nb"                                  ; expect: #u8(97 10 98)
#u8"\x00;\xff;"                            ; expect: #u8(0 255)
#u8"\"\\"                                  ; expect: #u8(34 92)
(bytevector-length #u8"GET / HTTP/1.0\r\n") ; expect: 16
(guard (e ((read-error? e) 'read-error)) (read (open-input-string "#u8\"λ\""))) ; expect: read-error
(guard (e ((read-error? e) 'read-error)) (read (open-input-string "#u8\"\\x100;\""))) ; expect: read-error
