;;; (scheme cxr): three and four steps into pairs, as R7RS lists them.
(define-library (scheme cxr)
  (import (sockeye core))
  (export
    caaar caadr cadar caddr cdaar cdadr cddar cdddr caaaar caaadr caadar caaddr cadaar cadadr caddar cadddr
    cdaaar cdaadr cdadar cdaddr cddaar cddadr cdddar cddddr))
