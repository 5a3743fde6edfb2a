//! Expressions and their values as printed by Guile 3.0.8, and agreed with.

use super::check;

#[test]
fn sums_and_products() {
    check(
        "
        (+ 0 1.5) ==> 1.5
        (+ 0 -0.0) ==> 0.0
        (- 0 0.0) ==> -0.0
        (- 0 -0.0) ==> 0.0
        (- -0.0) ==> 0.0
        (- 0.0 0) ==> 0.0
        (- -0.0 0) ==> -0.0
        (+ -0.0 0) ==> 0.0
        (* 0 1.5) ==> 0.0
        (* 0 -1.5) ==> -0.0
        (* 0 +inf.0) ==> +nan.0
        (* 0 +nan.0) ==> +nan.0
        (* 0.0 0) ==> 0.0
        (* -1 0.0) ==> -0.0
        (* 1/2 1.5) ==> 0.75
        (* 1/3 3.0) ==> 1.0
        (+ 1/3 0.1) ==> 0.43333333333333335
        (+ 1/2 1/2) ==> 1
        (- 1/2 1/3) ==> 1/6
        (* 2/3 3/2) ==> 1
        (/ 6 4) ==> 3/2
        (/ 3 1) ==> 3
        (/ 2) ==> 1/2
        (/ 0.5) ==> 2.0
        (/ -4 6) ==> -2/3
        (/ 4 -6) ==> -2/3
        (/ 1/2 -3/4) ==> -2/3
        (/ 0 1.5) ==> 0.0
        (/ 0 0.0) ==> +nan.0
        (/ 0 0) ==> divide-by-zero
        (/ 1 0) ==> divide-by-zero
        (/ 1 0.0) ==> +inf.0
        (/ 1 -0.0) ==> -inf.0
        (/ 1.0 0) ==> divide-by-zero
        (/ 0.0 0) ==> divide-by-zero
        (/ 1/2 0.0) ==> +inf.0
        (/ 0 +inf.0) ==> 0.0
        (/ 0 +nan.0) ==> +nan.0
        (/ 0) ==> divide-by-zero
        (/ 0.0) ==> +inf.0
        (/ 1/2 0) ==> divide-by-zero
        (- 5) ==> -5
        (+ 9223372036854775807 1) ==> 9223372036854775808
        (- -9223372036854775808 1) ==> -9223372036854775809
        (* 4294967296 4294967296) ==> 18446744073709551616
        (- 18446744073709551616 18446744073709551615) ==> 1
        (* 99999999999999999999 99999999999999999999) ==> 9999999999999999999800000000000000000001
        (+ 1/3 2/3) ==> 1
        (+ 1/6 1/10) ==> 4/15
        (- 0 1/2) ==> -1/2
        (* 0 1/2) ==> 0
        (- (expt 10 30)) ==> -1000000000000000000000000000000
        (abs -5) ==> 5
        (abs -1/2) ==> 1/2
        (abs -0.0) ==> 0.0
        (abs -inf.0) ==> +inf.0
        ",
    );
}

#[test]
fn order() {
    check(
        "
        (= 1 1.0) ==> 1
        (= 1/3 0.3333333333333333) ==> 0
        (< 1/3 0.3333333333333333) ==> 0
        (> 1/3 0.3333333333333333) ==> 1
        (= (expt 2 53) 9007199254740992.0) ==> 1
        (= (+ 1 (expt 2 53)) 9007199254740992.0) ==> 0
        (> (+ 1 (expt 2 53)) 9007199254740992.0) ==> 1
        (< (expt 10 400) +inf.0) ==> 1
        (> (- (expt 10 400)) -inf.0) ==> 1
        (> (expt 10 400) 1e308) ==> 1
        (< +nan.0 1) ==> 0
        (> +nan.0 1) ==> 0
        (= +nan.0 +nan.0) ==> 0
        (= 0.0 -0.0) ==> 1
        (= 1/2 0.5) ==> 1
        (< 1/2 2/3) ==> 1
        (< -2/3 -1/2) ==> 1
        (< 5e-324 (/ 1 (expt 10 400))) ==> 0
        (> 1/1000000000000000000000 0) ==> 1
        (eqv? 0.0 -0.0) ==> 0
        (eqv? +nan.0 +nan.0) ==> 1
        (eqv? 1 1.0) ==> 0
        (eqv? (expt 10 30) (expt 10 30)) ==> 1
        (eqv? 1/2 1/2) ==> 1
        (max 1 2.0) ==> 2.0
        (max 3 2.0) ==> 3.0
        (min 1 2.0) ==> 1.0
        (min 3 2.0) ==> 2.0
        (max 1 +nan.0) ==> +nan.0
        (max +nan.0 1) ==> +nan.0
        (min +nan.0 1.0) ==> +nan.0
        (max 1/2 0.3) ==> 0.5
        (max 1/2 2/3) ==> 2/3
        (max -0.0 0) ==> 0.0
        (max 0 -0.0) ==> 0.0
        (max 0.0 -0.0) ==> 0.0
        (min 0.0 -0.0) ==> -0.0
        (min -0.0 0.0) ==> -0.0
        (max (expt 10 400) 1.0) ==> +inf.0
        (max +inf.0 (expt 10 400)) ==> +inf.0
        ",
    );
}

#[test]
fn predicates() {
    check(
        "
        (integer? 1.0) ==> 1
        (integer? 1.5) ==> 0
        (integer? +inf.0) ==> 0
        (integer? 1/2) ==> 0
        (rational? +inf.0) ==> 0
        (rational? 1.5) ==> 1
        (real? +inf.0) ==> 1
        (real? 1.0+0.0i) ==> 0
        (real? 1+0i) ==> 1
        (nan? 1) ==> 0
        (nan? +nan.0) ==> 1
        (finite? -inf.0) ==> 0
        (finite? 1/2) ==> 1
        (odd? 3.0) ==> 1
        (even? 2.0) ==> 1
        (odd? 1.5) ==> wrong-1
        (odd? +inf.0) ==> wrong-1
        (even? 1/2) ==> wrong-1
        (even? 0) ==> 1
        (odd? -1) ==> 1
        (zero? 0.0) ==> 1
        (zero? -0.0) ==> 1
        (zero? 1+i) ==> 0
        (zero? 0.0+0.0i) ==> 1
        (positive? +inf.0) ==> 1
        (positive? +nan.0) ==> 0
        (positive? 0) ==> 0
        (negative? -1/2) ==> 1
        (negative? -0.0) ==> 0
        (positive? 1+i) ==> wrong-1
        (exact-integer? 5) ==> 1
        (exact-integer? 5.0) ==> 0
        (exact-integer? 1/2) ==> 0
        (exact? 1/2) ==> 1
        (exact? 1.0) ==> 0
        (exact? 1.0+1.0i) ==> 0
        ",
    );
}

#[test]
fn quotients_of_integers() {
    check(
        "
        (quotient 17 5) ==> 3
        (quotient -17 5) ==> -3
        (quotient 17.0 5) ==> 3.0
        (quotient 17.5 5) ==> wrong-1
        (quotient 1/2 5) ==> wrong-1
        (quotient 1 0) ==> divide-by-zero
        (quotient 1.0 0) ==> divide-by-zero
        (quotient 1.0 0.0) ==> divide-by-zero
        (modulo 1 0.0) ==> divide-by-zero
        (modulo -7 2) ==> 1
        (modulo 7 -2) ==> -1
        (modulo -7 2.0) ==> 1.0
        (remainder -7 2) ==> -1
        (remainder 7 -2) ==> 1
        (remainder -7.0 2) ==> -1.0
        (remainder +inf.0 2) ==> wrong-1
        (modulo -1.0 1) ==> 0.0
        (modulo 1.0 -1) ==> 0.0
        (remainder -1.0 1) ==> 0.0
        (modulo -1 1.0) ==> 0.0
        (modulo (expt 10 30) 7) ==> 1
        (modulo (- (expt 10 30)) 7) ==> 6
        (modulo 7 (- (expt 10 30))) ==> -999999999999999999999999999993
        (quotient (expt 10 30) (expt 10 28)) ==> 100
        (quotient 1e20 -7) ==> -14285714285714287000.0
        ",
    );
}

#[test]
fn divisions_in_six_roundings() {
    check(
        "
        (floor/ 7 2) ==> 3 1
        (floor/ -7 2) ==> -4 1
        (floor/ 7 -2) ==> -4 -1
        (floor/ -7 -2) ==> 3 -1
        (floor/ 7.0 -2) ==> -4.0 -1.0
        (floor/ 7.5 2) ==> 3.0 1.5
        (floor/ 7/2 2) ==> 1 3/2
        (floor/ 1 0) ==> divide-by-zero
        (floor/ 1.0 0) ==> divide-by-zero
        (floor/ 1.0 0.0) ==> divide-by-zero
        (floor/ 5 +inf.0) ==> 0.0 +nan.0
        (floor/ -5 +inf.0) ==> -0.0 +nan.0
        (floor/ +inf.0 2) ==> +inf.0 +nan.0
        (floor/ +nan.0 2) ==> +nan.0 +nan.0
        (floor/ 0.0 2) ==> 0.0 0.0
        (floor/ -0.0 2) ==> -0.0 0.0
        (floor/ -1.0 1) ==> -1.0 0.0
        (truncate/ 7 2) ==> 3 1
        (truncate/ -7 2) ==> -3 -1
        (truncate/ 7 -2) ==> -3 1
        (truncate/ -7 -2) ==> 3 -1
        (truncate/ -7.5 2) ==> -3.0 -1.5
        (truncate/ 7/2 -2/3) ==> -5 1/6
        (truncate/ 1.0 0.0) ==> divide-by-zero
        (truncate/ -5 +inf.0) ==> -0.0 +nan.0
        (truncate/ -1.0 1) ==> -1.0 0.0
        (euclidean/ -7 2) ==> -4 1
        (euclidean/ -7 -2) ==> 4 1
        (euclidean/ 7 -2) ==> -3 1
        (euclidean/ 7.5 -2) ==> -3.0 1.5
        (euclidean/ -5 +inf.0) ==> -0.0 +nan.0
        (euclidean/ -5 -inf.0) ==> 0.0 +nan.0
        (euclidean/ 1 0) ==> divide-by-zero
        (ceiling/ 7 2) ==> 4 -1
        (ceiling/ -7 2) ==> -3 -1
        (ceiling/ 7 -2) ==> -3 1
        (ceiling/ -7 -2) ==> 4 1
        (ceiling/ 7.5 2) ==> 4.0 -0.5
        (ceiling/ 7/2 2) ==> 2 -1/2
        (ceiling/ 5 +inf.0) ==> 0.0 +nan.0
        (ceiling/ 6 2) ==> 3 0
        (round/ 7 2) ==> 4 -1
        (round/ 5 2) ==> 2 1
        (round/ -7 2) ==> -4 1
        (round/ 7 -2) ==> -4 -1
        (round/ -5 2) ==> -2 -1
        (round/ -5 -2) ==> 2 -1
        (round/ 5.0 2) ==> 2.0 1.0
        (round/ 7/2 1) ==> 4 -1/2
        (round/ 3 5) ==> 1 -2
        (round/ -3 5) ==> -1 2
        (round/ 2 5) ==> 0 2
        (round/ 5 +inf.0) ==> 0.0 +nan.0
        (centered/ 7 2) ==> 4 -1
        (centered/ 5 2) ==> 3 -1
        (centered/ -7 2) ==> -3 -1
        (centered/ 7 -2) ==> -4 -1
        (centered/ 5.0 2) ==> 3.0 -1.0
        (centered/ 7/2 1) ==> 4 -1/2
        (centered/ 1 2) ==> 1 -1
        (centered/ -1 2) ==> 0 -1
        (centered/ 1 -2) ==> -1 -1
        (centered/ -1 -2) ==> 0 -1
        (centered/ 5 +inf.0) ==> 0.0 +nan.0
        (centered/ 3 -5) ==> -1 -2
        (centered/ -3 5) ==> -1 2
        (centered/ 2 5) ==> 0 2
        (floor/ (expt 10 30) -7) ==> -142857142857142857142857142858 -6
        (round/ (expt 10 30) (- (expt 10 29) 1)) ==> 10 10
        ",
    );
}

#[test]
fn common_divisors_and_fractions() {
    check(
        "
        (gcd) ==> 0
        (gcd 12 18) ==> 6
        (gcd 12.0 18) ==> 6.0
        (gcd 0 0) ==> 0
        (gcd -12 18) ==> 6
        (gcd 0 5) ==> 5
        (gcd 0.0 5) ==> 5.0
        (gcd -5) ==> 5
        (gcd -5.0) ==> 5.0
        (gcd 0 5.0) ==> 5.0
        (gcd 1e20 15) ==> 5.0
        (gcd (expt 6 50) (expt 10 40)) ==> 1099511627776
        (lcm) ==> 1
        (lcm 4 6) ==> 12
        (lcm 4.0 6) ==> 12.0
        (lcm 0 5) ==> 0
        (lcm -4 6) ==> 12
        (lcm -5) ==> 5
        (lcm 0 5.0) ==> 0.0
        (lcm 32 -36) ==> 288
        (numerator 6/4) ==> 3
        (denominator 6/4) ==> 2
        (numerator -6/4) ==> -3
        (numerator 2.5) ==> 5.0
        (denominator 2.5) ==> 2.0
        (numerator 3) ==> 3
        (denominator 0) ==> 1
        (denominator 0.0) ==> 1.0
        (numerator -0.0) ==> -0.0
        (rationalize 3/10 1/10) ==> 1/3
        (rationalize 0.3 1/10) ==> 0.3333333333333333
        (rationalize 1/2 0) ==> 1/2
        (rationalize +inf.0 1) ==> +inf.0
        (rationalize 1 +inf.0) ==> 0.0
        (rationalize +inf.0 +inf.0) ==> +nan.0
        (rationalize -3/10 1/10) ==> -1/3
        (rationalize 1/10 1) ==> 0
        (rationalize +nan.0 1) ==> +nan.0
        (rationalize 5 1/2) ==> 5
        (rationalize 1 +nan.0) ==> +nan.0
        (rationalize 3/10 -1/10) ==> 1/3
        (rationalize 355/113 1/1000) ==> 201/64
        (rationalize 3.14159265358979 1e-6) ==> 3.1415929203539825
        (rationalize 10 1/100) ==> 10
        (rationalize 7/2 1/2) ==> 3
        ",
    );
}

#[test]
fn rounding() {
    check(
        "
        (floor 2.5) ==> 2.0
        (floor -7/2) ==> -4
        (ceiling -7/2) ==> -3
        (truncate -7/2) ==> -3
        (floor 7/2) ==> 3
        (ceiling 7/2) ==> 4
        (truncate 7/2) ==> 3
        (round 7/2) ==> 4
        (round 5/2) ==> 2
        (round -5/2) ==> -2
        (round -7/2) ==> -4
        (round 8/3) ==> 3
        (round -8/3) ==> -3
        (round 1/3) ==> 0
        (round 2.5) ==> 2.0
        (round 3.5) ==> 4.0
        (round -2.5) ==> -2.0
        (ceiling -0.5) ==> -0.0
        (floor +inf.0) ==> +inf.0
        (round +nan.0) ==> +nan.0
        (floor 1+i) ==> wrong-1
        (round 0.49999999999999994) ==> 0.0
        (round 4503599627370497.5) ==> 4503599627370498.0
        (truncate -2.7) ==> -2.0
        (round 7) ==> 7
        (exact 2.5) ==> 5/2
        (exact 1e18) ==> 1000000000000000000
        (exact 1e20) ==> 100000000000000000000
        (exact -0.1) ==> -3602879701896397/36028797018963968
        (exact -0.0) ==> 0
        (exact 5e-324) ==> 1/202402253307310618352495346718917307049556649764142118356901358027430339567995346891960383701437124495187077864316811911389808737385793476867013399940738509921517424276566361364466907742093216341239767678472745068562007483424692698618103355649159556340810056512358769552333414615230502532186327508646006263307707741093494784
        (inexact 1/3) ==> 0.3333333333333333
        (inexact (/ (expt 10 400) (+ 1 (expt 10 399)))) ==> 10.0
        (inexact (/ 1 (expt 10 320))) ==> 1.0e-320
        (inexact (/ 1 (expt 10 400))) ==> 0.0
        (inexact 12345678901234567890123) ==> 1.2345678901234568e22
        (inexact (- (expt 10 400))) ==> -inf.0
        (inexact (/ (expt 3 700) (expt 2 1100))) ==> 711.0220569369853
        (inexact 9007199254740993/9007199254740992) ==> 1.0
        ",
    );
}

#[test]
fn powers() {
    check(
        "
        (expt 0 0) ==> 1
        (expt 0 5) ==> 0
        (expt 0.0 5) ==> 0.0
        (expt 0 0.0) ==> 1.0
        (expt 0 1.5) ==> 0.0
        (expt 0 2.0) ==> 0.0
        (expt 0 1/2) ==> 0.0
        (expt 0 +nan.0) ==> +nan.0
        (expt 0 +inf.0) ==> 0.0
        (expt 0.0 0.0) ==> 1.0
        (expt 0.0 0.5) ==> 0.0
        (expt -0.0 3) ==> -0.0
        (expt 1 1.5) ==> 1.0
        (expt 1 +nan.0) ==> 1.0
        (expt 1 +inf.0) ==> 1.0
        (expt 2 0.5) ==> 1.4142135623730951
        (expt 4 1/2) ==> 2.0
        (expt 8 1/3) ==> 2.0
        (expt 27 2/3) ==> 8.999999999999998
        (expt 9/4 1/2) ==> 1.5
        (expt 2/3 -3) ==> 27/8
        (expt 2/3 2.0) ==> 0.4444444444444444
        (expt -1/2 3) ==> -1/8
        (expt -1/2 -3) ==> -8
        (expt -8 1/3) ==> 1.0+1.732050807568877i
        (expt 2.0 3) ==> 8.0
        (expt -2.0 3) ==> -8.0
        (expt 2 -3) ==> 1/8
        (expt -2 -3) ==> -1/8
        (expt -2 3.0) ==> -8.0
        (expt -2.0 3.0) ==> -8.0
        (expt 2 1.0) ==> 2.0
        (expt 10 -5) ==> 1/100000
        (expt 10 2.0) ==> 100.0
        (expt 2.0 1000000) ==> +inf.0
        (expt -1 1e20) ==> 1.0
        (expt +inf.0 0) ==> 1
        (expt +inf.0 -1) ==> 0.0
        (expt -inf.0 3) ==> -inf.0
        (expt +nan.0 0) ==> 1
        (expt +nan.0 0.0) ==> 1.0
        (expt 1 (expt 10 30)) ==> 1
        (expt -1 (expt 10 30)) ==> 1
        (expt -1 (+ 1 (expt 10 30))) ==> -1
        (expt 0 (expt 10 30)) ==> 0
        (expt 7 25) ==> 1341068619663964900807
        (expt -3 41) ==> -36472996377170786403
        (integer-expt 2 10) ==> 1024
        (integer-expt 0.5 3) ==> 0.125
        (integer-expt 2 -2) ==> 1/4
        (integer-expt 0 0) ==> 1
        (modulo-expt 3 100 7) ==> 4
        (modulo-expt 3 -1 7) ==> 5
        (modulo-expt 2 -1 4) ==> divide-by-zero
        (modulo-expt 3 5 -7) ==> -2
        (modulo-expt -3 5 7) ==> 2
        (modulo-expt 3 5 0) ==> divide-by-zero
        (modulo-expt 3 5 1) ==> 0
        (modulo-expt 3 0 1) ==> 0
        (modulo-expt 3 0 -7) ==> -6
        (modulo-expt 7 (expt 10 40) (+ 1 (expt 10 30))) ==> 613686378350578300135472064692
        ",
    );
}

#[test]
fn roots() {
    check(
        "
        (sqrt 16) ==> 4
        (sqrt 2) ==> 1.4142135623730951
        (sqrt 2.25) ==> 1.5
        (sqrt 1/4) ==> 1/2
        (sqrt 2/9) ==> 0.4714045207910317
        (sqrt 1/3) ==> 0.5773502691896257
        (sqrt -0.0) ==> -0.0
        (sqrt 0) ==> 0
        (sqrt 0.0) ==> 0.0
        (sqrt +inf.0) ==> +inf.0
        (sqrt +nan.0) ==> +nan.0
        (sqrt (expt 10 60)) ==> 1000000000000000000000000000000
        (sqrt (+ 1 (expt 10 400))) ==> 1.0e200
        (sqrt (/ 1 (expt 10 40))) ==> 1/100000000000000000000
        (sqrt 152415787532388367501905199875019052100) ==> 12345678901234567890
        (sqrt (expt 2 53)) ==> 94906265.62425156
        (sqrt 12345678987654321) ==> 111111111
        (exact-integer-sqrt 17) ==> 4 1
        (exact-integer-sqrt 0) ==> 0 0
        (exact-integer-sqrt -1) ==> wrong-1
        (exact-integer-sqrt 4.0) ==> wrong-1
        (exact-integer-sqrt (+ 5 (expt 10 40))) ==> 100000000000000000000 5
        ",
    );
}

#[test]
fn transcendental_functions_of_reals() {
    check(
        "
        (exp 0) ==> 1.0
        (exp 0.0) ==> 1.0
        (exp 1) ==> 2.718281828459045
        (exp -inf.0) ==> 0.0
        (exp 1/2) ==> 1.6487212707001282
        (exp +nan.0) ==> +nan.0
        (log 1) ==> 0.0
        (log 0) ==> divide-by-zero
        (log 0.0) ==> -inf.0
        (log -1) ==> 0.0+3.141592653589793i
        (log -1.0) ==> 0.0+3.141592653589793i
        (log -0.0) ==> -inf.0+3.141592653589793i
        (log (expt 10 400)) ==> 921.0340371976182
        (log (- (expt 10 400))) ==> 921.0340371976182+3.141592653589793i
        (log (/ 1 (expt 10 400))) ==> -921.0340371976182
        (log -1/3) ==> -1.0986122886681098+3.141592653589793i
        (log 1.0) ==> 0.0
        (log +inf.0) ==> +inf.0
        (log -inf.0) ==> +inf.0+3.141592653589793i
        (log +nan.0) ==> +nan.0
        (sin 0) ==> 0
        (cos 0) ==> 1
        (tan 0) ==> 0
        (asin 0) ==> 0
        (acos 1) ==> 0
        (acos 0) ==> 1.5707963267948966
        (atan 0) ==> 0
        (sin 0.0) ==> 0.0
        (cos 0.0) ==> 1.0
        (atan 1) ==> 0.7853981633974483
        (asin 1) ==> 1.5707963267948966
        (asin 1/2) ==> 0.5235987755982989
        (asin 2) ==> 1.5707963267948966-1.3169578969248166i
        (acos 2) ==> 0.0+1.3169578969248166i
        (atan 0 1) ==> 0.0
        (atan 1 0) ==> 1.5707963267948966
        (atan 0 -1) ==> 3.141592653589793
        (atan 0.0 0) ==> 0.0
        (atan 0 1.0) ==> 0.0
        (atan 1 1) ==> 0.7853981633974483
        (atan -0.0 -1) ==> -3.141592653589793
        (atan 0 -1.0) ==> 3.141592653589793
        (atan 1 2) ==> 0.4636476090008061
        (atan 1/2 1/3) ==> 0.982793723247329
        (atan 0.0 0.0) ==> 0.0
        (atan -1 0) ==> -1.5707963267948966
        (sinh 0) ==> 0
        (cosh 0) ==> 1
        (tanh 0) ==> 0
        (asinh 0) ==> 0
        (acosh 1) ==> 0
        (acosh 0) ==> 0.0+1.5707963267948966i
        (atanh 0) ==> 0
        (atanh 1) ==> +inf.0
        (atanh 0.5) ==> 0.5493061443340548
        (sinh 1) ==> 1.1752011936438014
        (cosh 1) ==> 1.5430806348152437
        (tanh 1) ==> 0.7615941559557649
        (asinh 1) ==> 0.881373587019543
        (acosh 2) ==> 1.3169578969248166
        ",
    );
}

#[test]
fn transcendental_functions_of_complex_numbers() {
    check(
        "
        (exp +i) ==> 0.5403023058681398+0.8414709848078965i
        (exp 1+i) ==> 1.4686939399158851+2.2873552871788423i
        (log +i) ==> 0.0+1.5707963267948966i
        (log 1+i) ==> 0.34657359027997264+0.7853981633974483i
        (sin 1+i) ==> 1.2984575814159773+0.6349639147847361i
        (cos 1+i) ==> 0.8337300251311491-0.9888977057628651i
        (sin +i) ==> 0.0+1.1752011936438014i
        (atan 2+i) ==> 1.1780972450961724+0.17328679513998632i
        (atan +2i) ==> 1.5707963267948966+0.5493061443340549i
        (atan 1+i) ==> 1.0172219678978514+0.40235947810852507i
        (sinh +i) ==> 0.0+0.8414709848078965i
        (cosh +i) ==> 0.5403023058681398+0.0i
        (asinh +i) ==> 0.0+1.5707963267948966i
        (asinh +2i) ==> 1.3169578969248166+1.5707963267948966i
        (atanh +i) ==> 0.0+0.7853981633974483i
        (sqrt 3.0+4.0i) ==> 2.0+1.0i
        (sqrt -3.0+4.0i) ==> 1.0+2.0i
        (sqrt -1.0+0.0i) ==> 0.0+1.0i
        (sqrt -1.0-0.0i) ==> 0.0-1.0i
        (sqrt 1/4+i) ==> 0.8002425902201205+0.6248105338438266i
        (expt +i 0.0) ==> 1.0
        (expt 1+2i 3.0) ==> -11.0-2.0i
        (expt 2 +i) ==> 0.7692389013639721+0.6389612763136348i
        (expt 0.5 +i) ==> 0.7692389013639721-0.6389612763136348i
        (expt +i 0) ==> 1
        ",
    );
}

#[test]
fn polar_and_rectangular() {
    check(
        "
        (make-rectangular 1 0) ==> 1
        (make-rectangular 1.5 0) ==> 1.5
        (make-polar 1 2) ==> -0.4161468365471424+0.9092974268256817i
        (make-polar 0 2) ==> 0
        (make-polar 2 0) ==> 2
        (make-polar 2.0 0) ==> 2.0
        (make-polar 2 0.0) ==> 2.0+0.0i
        (real-part 1.5) ==> 1.5
        (imag-part 1.5) ==> 0
        (magnitude -5) ==> 5
        (magnitude 1+i) ==> 1.4142135623730951
        (magnitude 3.0+4.0i) ==> 5.0
        (angle -1) ==> 3.141592653589793
        (angle 1) ==> 0.0
        (angle -1.0) ==> 3.141592653589793
        (angle 1.0) ==> 0.0
        (angle +i) ==> 1.5707963267948966
        (angle 0) ==> 0.0
        (angle -0.0) ==> 3.141592653589793
        (angle 1.0+0.0i) ==> 0.0
        (magnitude +inf.0+i) ==> +inf.0
        (angle -1/2) ==> 3.141592653589793
        (/ 1+i 0) ==> divide-by-zero
        (/ 1.0+2.0i 3+4i) ==> 0.44+0.08i
        (+ 0 1.0+2.0i) ==> 1.0+2.0i
        (/ 2 1.0+1.0i) ==> 1.0-1.0i
        (= 1.0+0.0i 1) ==> 1
        (= 1+i 1.0+1.0i) ==> 1
        (< 1+i 2) ==> wrong-1
        (max 1+i 2) ==> wrong-1
        (eqv? 1+i 1+i) ==> 1
        (abs 1+i) ==> wrong-1
        ",
    );
}

#[test]
fn bits() {
    check(
        "
        (logand 5 3) ==> 1
        (logior 5 -8) ==> -3
        (logxor -1 5) ==> -6
        (lognot 5) ==> -6
        (lognot -1) ==> 0
        (logand -1 (expt 2 70)) ==> 1180591620717411303424
        (logior -1 (expt 2 70)) ==> -1
        (logxor (- (expt 2 70)) (expt 2 70)) ==> -2361183241434822606848
        (logand 1.0 2) ==> wrong-1
        (logand 1/2 1) ==> wrong-1
        (ash 1 10) ==> 1024
        (ash -5 -1) ==> -3
        (ash 1 -100) ==> 0
        (ash -1 -100) ==> -1
        (ash 1 100) ==> 1267650600228229401496703205376
        (ash (- (expt 2 70)) -69) ==> -2
        (ash 1.0 2) ==> wrong-1
        (ash -3 3) ==> -24
        (round-ash 5 -1) ==> 2
        (round-ash 7 -1) ==> 4
        (round-ash -5 -1) ==> -2
        (round-ash -7 -1) ==> -4
        (round-ash 1 -1) ==> 0
        (round-ash 3 -2) ==> 1
        (round-ash 1 -100) ==> 0
        (round-ash 3 2) ==> 12
        (round-ash 6 -2) ==> 2
        (round-ash 10 -2) ==> 2
        (logcount 5) ==> 2
        (logcount -5) ==> 1
        (logcount 0) ==> 0
        (logcount (- (expt 2 70))) ==> 70
        (integer-length 255) ==> 8
        (integer-length 256) ==> 9
        (integer-length -256) ==> 8
        (integer-length -257) ==> 9
        (integer-length 0) ==> 0
        (integer-length -1) ==> 0
        (logbit? 0 5) ==> 1
        (logbit? 1 5) ==> 0
        (logbit? 1000 -1) ==> 1
        (logbit? -1 5) ==> wrong-1
        (bit-extract 1234 2 5) ==> 4
        (bit-extract -1 4 10) ==> 63
        (bit-extract 5 0 0) ==> 0
        (bit-extract -1 0 70) ==> 1180591620717411303423
        (logtest 1 2) ==> 0
        (logtest 3 2) ==> 1
        ",
    );
}
