; What is raised while the dynamic state is nonsense ends the program with that error: it does not raise for ever.
(import (only (sockeye core) %call-with-dyn %call-with-handlers))
(%call-with-dyn 7 (lambda () (car 1)))                 ; error: car
(%call-with-handlers 7 (lambda () (car 1)))            ; error: car
