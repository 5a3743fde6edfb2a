;;; (scheme cxr): Three and four accesses to pairs in one. [R7RS appendix A]

(define-library (scheme cxr)
  (import (sockeye core))
  (export
    caaar caadr cadar caddr cdaar cdadr cddar cdddr caaaar caaadr caadar caaddr cadaar cadadr caddar cadddr
    cdaaar cdaadr cdadar cdaddr cddaar cddadr cdddar cddddr))
