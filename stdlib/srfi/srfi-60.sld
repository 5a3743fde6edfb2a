;;; (srfi srfi-60): Integers as bits. [SRFI 60]

(define-library (srfi srfi-60)
  (import (sockeye core))
  (export
    any-bits-set? arithmetic-shift ash bit-count bit-field bit-set? bitwise-and bitwise-if bitwise-ior bitwise-merge
    bitwise-not bitwise-xor booleans->integer copy-bit copy-bit-field first-set-bit integer->list integer-length
    list->integer log2-binary-factors logand logbit? logcount logior lognot logtest logxor reverse-bit-field
    rotate-bit-field))
