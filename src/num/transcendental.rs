//! Exponential, logarithm, the circular and hyperbolic functions and their inverses, of real and complex numbers.
//!
//! Branch cuts and values on them are those of R7RS (hence of Common Lisp); inverse functions of complex numbers follow
//! W. Kahan, "Branch cuts for complex elementary functions" (1987). Exact results are given for the arguments for which Guile
//! gives them: `(sin 0)` is 0 but `(exp 0)` is 1.0.

use super::{Int, NumError, Number, Real, Result, Stop};
use std::f64::consts::{FRAC_PI_2, LN_2, PI};

/// A complex number with float parts, to compute with.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComplexFloat {
    pub re: f64,
    pub im: f64,
}

fn pair(re: f64, im: f64) -> ComplexFloat {
    ComplexFloat { re, im }
}

pub(super) fn to_complex_float(z: &Number) -> ComplexFloat {
    let (re, im) = z.parts();
    pair(re.to_f64(), im.to_f64())
}

impl From<ComplexFloat> for Number {
    fn from(z: ComplexFloat) -> Number {
        Number::rectangular(Real::Float(z.re), Real::Float(z.im))
    }
}

impl ComplexFloat {
    pub fn mul(self, other: ComplexFloat) -> ComplexFloat {
        pair(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }

    fn conjugate(self) -> ComplexFloat {
        pair(self.re, -self.im)
    }

    fn plus_one(self) -> ComplexFloat {
        pair(self.re + 1.0, self.im)
    }

    fn one_minus(self) -> ComplexFloat {
        pair(1.0 - self.re, -self.im)
    }

    pub fn sqrt(self) -> ComplexFloat {
        let ComplexFloat { re, im } = self;
        if im.is_infinite() {
            return pair(f64::INFINITY, im);
        }
        if re == 0.0 && im == 0.0 {
            return pair(0.0, im);
        }
        // The larger part of the root comes from a sum without cancellation, the other by division. Halved first,
        // and parts near the ends of the range scaled by powers of 4, so that nothing overflows.
        let scale = if re.abs().max(im.abs()) > 1e300 {
            2f64.powi(-4)
        } else if re.abs().max(im.abs()) < 1e-290 {
            2f64.powi(120)
        } else {
            1.0
        };
        let (x, y) = (re * scale, im * scale);
        let large = ((x.abs() / 2.0) + x.hypot(y) / 2.0).sqrt();
        let small = match large {
            _ if x == 0.0 => large,
            f64::INFINITY => 0.0,
            _ => y.abs() / (2.0 * large),
        };
        let back = scale.sqrt().recip();
        let (large, small) = (large * back, small * back);
        if re >= 0.0 { pair(large, small.copysign(im)) } else { pair(small, large.copysign(im)) }
    }

    pub fn exp(self) -> ComplexFloat {
        let m = self.re.exp();
        // An exact turn of zero stays on the axis even where the magnitude is infinite.
        if self.im == 0.0 { pair(m, self.im) } else { pair(m * self.im.cos(), m * self.im.sin()) }
    }

    pub fn ln(self) -> ComplexFloat {
        let (large, small) = (self.re.abs().max(self.im.abs()), self.re.abs().min(self.im.abs()));
        // Near the unit circle the logarithm of the rounded magnitude would keep few digits.
        let re = if (0.5..=2.0).contains(&large) {
            ((large - 1.0) * (large + 1.0) + small * small).ln_1p() / 2.0
        } else if large > 1e300 {
            (self.re / 4.0).hypot(self.im / 4.0).ln() + 4f64.ln()
        } else {
            self.re.hypot(self.im).ln()
        };
        pair(re, self.im.atan2(self.re))
    }

    fn sinh(self) -> ComplexFloat {
        pair(self.re.sinh() * self.im.cos(), self.re.cosh() * self.im.sin())
    }

    fn cosh(self) -> ComplexFloat {
        pair(self.re.cosh() * self.im.cos(), self.re.sinh() * self.im.sin())
    }

    fn tanh(self) -> ComplexFloat {
        if self.re.abs() > 300.0 {
            return pair(1f64.copysign(self.re), 0f64.copysign((2.0 * self.im).sin()));
        }
        // Kahan: with t = tan im, s = sinh re, the denominator 1 + (1 + t²)s² never cancels.
        let (t, s) = (self.im.tan(), self.re.sinh());
        let (beta, rho) = (1.0 + t * t, (1.0 + s * s).sqrt());
        if t.is_infinite() {
            pair(rho / s, 1.0 / t)
        } else {
            pair(beta * rho * s / (1.0 + beta * s * s), t / (1.0 + beta * s * s))
        }
    }

    fn asin(self) -> ComplexFloat {
        let (a, b) = (self.one_minus().sqrt(), self.plus_one().sqrt());
        pair(self.re.atan2(a.mul(b).re), a.conjugate().mul(b).im.asinh())
    }

    fn acos(self) -> ComplexFloat {
        let (a, b) = (self.one_minus().sqrt(), self.plus_one().sqrt());
        pair(2.0 * a.re.atan2(b.re), b.conjugate().mul(a).im.asinh())
    }

    fn acosh(self) -> ComplexFloat {
        let (a, b) = (pair(self.re - 1.0, self.im).sqrt(), self.plus_one().sqrt());
        pair(a.conjugate().mul(b).re.asinh(), 2.0 * a.im.atan2(b.re))
    }

    fn atanh(self) -> ComplexFloat {
        let ComplexFloat { re, im } = self;
        let (x, m) = (re.abs(), re.hypot(im));
        // Far out the fraction below is 4x/m², and its squares would overflow.
        let real = if m > 1e150 { x / m / m } else { (4.0 * x / ((1.0 - x).powi(2) + im * im)).ln_1p() / 4.0 };
        pair(real.copysign(re), (im.atan2(1.0 + re) - (-im).atan2(1.0 - re)) / 2.0)
    }

    /// Multiplies by i; circular functions of z are hyperbolic functions of iz.
    fn turn(self) -> ComplexFloat {
        pair(-self.im, self.re)
    }

    fn turn_back(self) -> ComplexFloat {
        pair(self.im, -self.re)
    }
}

/// The natural logarithm of a positive integer, however large.
fn ln_of_int(n: &Int) -> f64 {
    let shift = n.bit_length().saturating_sub(64);
    n.shift_right(shift).to_f64().ln() + shift as f64 * LN_2
}

impl Real {
    /// The natural logarithm of a number above 0 (or of 0.0, or NaN).
    fn ln(&self, stop: &Stop) -> Result<f64> {
        Ok(match self {
            Real::Float(x) => x.ln(),
            Real::Int(n) => ln_of_int(n),
            Real::Ratio(q) => {
                let (n, d) = (q.numerator(), q.denominator());
                let x = self.to_f64();
                if (0.5..2.0).contains(&x) {
                    super::ratio::divide(&n.sub(d), d, stop)?.to_f64().ln_1p()
                } else if x.is_normal() {
                    x.ln()
                } else {
                    ln_of_int(n) - ln_of_int(d)
                }
            }
        })
    }
}

type RealFunction = fn(f64) -> f64;
type ComplexFunction = fn(ComplexFloat) -> ComplexFloat;

impl Number {
    fn apply(&self, real: RealFunction, complex: ComplexFunction) -> Number {
        match self {
            Number::Real(x) => Number::from(real(x.to_f64())),
            Number::Complex(_) => complex(to_complex_float(self)).into(),
        }
    }

    /// As `apply`, for the many functions that are 0 at 0.
    fn apply_through_zero(&self, real: RealFunction, complex: ComplexFunction) -> Number {
        if self.is_exact() && self.is_zero() { self.clone() } else { self.apply(real, complex) }
    }

    pub fn exp(&self) -> Number {
        self.apply(f64::exp, ComplexFloat::exp)
    }

    /// The natural logarithm; of exact 0 it is an error.
    pub fn log(&self, stop: &Stop) -> Result<Number> {
        match self {
            Number::Real(x) if x.is_exact_zero() => Err(NumError::DivideByZero),
            Number::Real(Real::Float(x)) if x.is_sign_negative() && !x.is_nan() => Ok(pair((-x).ln(), PI).into()),
            Number::Real(x) if x.is_negative() => Ok(pair(x.neg().ln(stop)?, PI).into()),
            Number::Real(x) => Ok(Number::from(x.ln(stop)?)),
            Number::Complex(_) => Ok(to_complex_float(self).ln().into()),
        }
    }

    /// The logarithm to a base. Powers of 2 and 10 have whole logarithms to these bases.
    pub fn log_base(&self, base: &Number, stop: &Stop) -> Result<Number> {
        if let (Number::Real(x), Number::Real(b)) = (self, base)
            && x.signum() > 0
            && x.to_f64().is_finite()
            && x.to_f64() > 0.0
        {
            match b.to_f64() {
                2.0 => return Ok(Number::from(x.to_f64().log2())),
                10.0 => return Ok(Number::from(x.to_f64().log10())),
                _ => {}
            }
        }
        self.log(stop)?.div(&base.log(stop)?, stop)
    }

    pub fn sin(&self) -> Number {
        self.apply_through_zero(f64::sin, |z| z.turn().sinh().turn_back())
    }

    pub fn cos(&self) -> Number {
        if self.is_exact() && self.is_zero() {
            return Number::from(Int::ONE);
        }
        self.apply(f64::cos, |z| z.turn().cosh())
    }

    pub fn tan(&self) -> Number {
        self.apply_through_zero(f64::tan, |z| z.turn().tanh().turn_back())
    }

    pub fn asin(&self) -> Number {
        match self {
            // Beyond the cuts a real number stands on the side that R7RS's formula puts it.
            Number::Real(x) if x.to_f64() > 1.0 => pair(FRAC_PI_2, -x.to_f64().acosh()).into(),
            Number::Real(x) if x.to_f64() < -1.0 => pair(-FRAC_PI_2, (-x.to_f64()).acosh()).into(),
            _ => self.apply_through_zero(f64::asin, ComplexFloat::asin),
        }
    }

    pub fn acos(&self) -> Number {
        match self {
            Number::Real(x) if x.is_exact_one() => Number::from(Int::ZERO),
            Number::Real(x) if x.to_f64() > 1.0 => pair(0.0, x.to_f64().acosh()).into(),
            Number::Real(x) if x.to_f64() < -1.0 => pair(PI, -(-x.to_f64()).acosh()).into(),
            _ => self.apply(f64::acos, ComplexFloat::acos),
        }
    }

    pub fn atan(&self) -> Number {
        self.apply_through_zero(f64::atan, |z| z.turn().atanh().turn_back())
    }

    /// The angle of the point with the coordinates X and SELF.
    pub fn atan2(&self, x: &Number) -> Result<Number> {
        Ok(Number::from(self.real(1)?.to_f64().atan2(x.real(2)?.to_f64())))
    }

    pub fn sinh(&self) -> Number {
        self.apply_through_zero(f64::sinh, ComplexFloat::sinh)
    }

    pub fn cosh(&self) -> Number {
        if self.is_exact() && self.is_zero() {
            return Number::from(Int::ONE);
        }
        self.apply(f64::cosh, ComplexFloat::cosh)
    }

    pub fn tanh(&self) -> Number {
        self.apply_through_zero(f64::tanh, ComplexFloat::tanh)
    }

    pub fn asinh(&self) -> Number {
        self.apply_through_zero(f64::asinh, |z| z.turn().asin().turn_back())
    }

    pub fn acosh(&self) -> Number {
        match self {
            Number::Real(x) if x.is_exact_one() => Number::from(Int::ZERO),
            Number::Real(x) if x.to_f64() < -1.0 => pair((-x.to_f64()).acosh(), PI).into(),
            Number::Real(x) if x.to_f64() < 1.0 => pair(0.0, x.to_f64().acos()).into(),
            _ => self.apply(f64::acosh, ComplexFloat::acosh),
        }
    }

    /// On the cuts, beyond 1 and -1, the imaginary part is π/2, as in Guile and Chez.
    pub fn atanh(&self) -> Number {
        match self {
            Number::Real(x) if x.to_f64().abs() > 1.0 => pair((1.0 / x.to_f64()).atanh(), FRAC_PI_2).into(),
            _ => self.apply_through_zero(f64::atanh, ComplexFloat::atanh),
        }
    }
}
