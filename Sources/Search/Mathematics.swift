/// The few transcendental functions that samplers need.
///
/// The standard library has none, and the C library's differ in their last digits from one
/// version to the next, which would make the same seed give other suggestions on another host.
package enum Mathematics {
    /// ln 2, cut after 32 significant bits so that products with an exponent are exact.
    private static let logarithmOfTwoHigh = 0x1.62e42feep-1
    /// ln 2 minus `logarithmOfTwoHigh`.
    private static let logarithmOfTwoLow = 0x1.a39ef35793c76p-33

    /// The natural logarithm of `value`, within two units in the last place.
    ///
    /// NaN below zero, minus infinity at zero. Method: `value` = m · 2^e with m in √½ ... √2, then
    /// the series ln m = 2 artanh s with s = (m − 1) / (m + 1) (Abramowitz and Stegun 4.1.27).
    package static func logarithm(_ value: Double) -> Double {
        guard value > 0 else { return value == 0 ? -.infinity : .nan }
        guard value.isFinite else { return value }
        var exponent = value.exponent
        var significand = value.significand
        if significand > 0x1.6a09e667f3bcdp0 {
            significand *= 0.5
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        // 12 terms: the next one is below 2^-60 for |ratio| <= 0.172.
        var series = 0.0
        for denominator in stride(from: 25.0, through: 3, by: -2) {
            series = (series + 1 / denominator) * square
        }
        let power = Double(exponent)
        return power * logarithmOfTwoHigh
            + (2 * ratio + (2 * ratio * series + power * logarithmOfTwoLow))
    }

    /// e to the power of `value`, within two units in the last place.
    ///
    /// Infinity and zero beyond the range of numbers. Method: e^value = 2^k · e^r with |r| at
    /// most ½ ln 2, and the Taylor series of e^r (Abramowitz and Stegun 4.2.1).
    package static func exponential(_ value: Double) -> Double {
        guard !value.isNaN else { return value }
        guard value < 710 else { return .infinity }
        guard value > -746 else { return 0 }
        let power = (value * 0x1.71547652b82fep0).rounded()
        let remainder = value - power * logarithmOfTwoHigh - power * logarithmOfTwoLow
        // 14 terms: the next one is below 2^-60 for |remainder| <= 0.347.
        var series = 0.0
        for divisor in stride(from: 14.0, through: 2, by: -1) {
            series = (series + 1) * remainder / divisor
        }
        return Double(
            sign: .plus, exponent: Int(power), significand: 1 + (remainder + remainder * series))
    }

    /// The standard normal quantile of `probability`, within 1e-15 of its size.
    ///
    /// Infinite at 0 and 1, NaN outside. Source: Wichura, "Algorithm AS 241: The Percentage
    /// Points of the Normal Distribution", Applied Statistics 37(3), 1988, PPND16.
    package static func normalQuantile(_ probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        let offset = probability - 0.5
        if offset.magnitude <= 0.425 {
            let position = 0.180625 - offset * offset
            return offset * rational(position, centralNumerator, centralDenominator)
        }
        let tail = offset < 0 ? probability : 1 - probability
        guard tail > 0 else { return offset < 0 ? -.infinity : .infinity }
        let distance = (-logarithm(tail)).squareRoot()
        let size =
            distance <= 5
            ? rational(distance - 1.6, middleNumerator, middleDenominator)
            : rational(distance - 5, tailNumerator, tailDenominator)
        return offset < 0 ? -size : size
    }

    /// The probability that a standard normal number is at most `value`, within 1e-14.
    ///
    /// Source: Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software
    /// 11(4), 2004: the Taylor series of the integral around zero.
    package static func normalProbability(_ value: Double) -> Double {
        // Beyond, the probability differs from 0 and 1 by less than 1e-15.
        guard value.magnitude < 8 else { return value.isNaN ? value : value < 0 ? 0 : 1 }
        let square = value * value
        var (sum, term, divisor) = (value, value, 1.0)
        while true {
            divisor += 2
            term *= square / divisor
            guard sum + term != sum else { break }
            sum += term
        }
        // Rounding would leave the range by some units in the last place.
        return min(max(0.5 + sum * exponential(-0.5 * square - logarithmOfRootOfTau), 0), 1)
    }

    /// ln √2π.
    package static let logarithmOfRootOfTau = 0.918_938_533_204_672_741_8

    /// The quotient of two polynomials whose coefficients start with the constant one.
    private static func rational(
        _ argument: Double, _ numerator: [Double], _ denominator: [Double]
    ) -> Double {
        let value = { (coefficients: [Double]) in
            coefficients.reversed().reduce(0) { $0 * argument + $1 }
        }
        return value(numerator) / value(denominator)
    }

    private static let centralNumerator = [
        3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3, 1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3,
    ]
    private static let centralDenominator = [
        1.0, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3, 2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4, 2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ]
    private static let middleNumerator = [
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50, 3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4,
    ]
    private static let middleDenominator = [
        1.0, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1, 1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2, 5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ]
    private static let tailNumerator = [
        6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80, 2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2, 1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7,
    ]
    private static let tailDenominator = [
        1.0, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2, 7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5, 1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ]
}
