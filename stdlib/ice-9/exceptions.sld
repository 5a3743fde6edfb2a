;;; (ice-9 exceptions): the types of exceptions. [Guile: Exceptions]

(define-library (ice-9 exceptions)
  (import (sockeye core))
  (export
    &exception exception? exception-type? make-exception make-exception-type simple-exceptions
    exception-predicate exception-accessor define-exception-type raise-exception raise-continuable
    with-exception-handler guard make-exception-from-throw exception-kind exception-args
    &message make-exception-with-message exception-with-message? exception-message
    &irritants make-exception-with-irritants exception-with-irritants? exception-irritants
    &origin make-exception-with-origin exception-with-origin? exception-origin
    &warning make-warning warning? &error make-error error? &external-error make-external-error external-error?
    &programming-error make-programming-error programming-error?
    &assertion-failure make-assertion-failure assertion-failure?
    &non-continuable make-non-continuable-error non-continuable-error?
    &implementation-restriction make-implementation-restriction-error implementation-restriction-error?
    &lexical make-lexical-error lexical-error? &syntax make-syntax-error syntax-error? syntax-error-form
    syntax-error-subform &undefined-variable make-undefined-variable-error undefined-variable-error?
    &quit-exception make-quit-exception quit-exception? quit-exception-code))
