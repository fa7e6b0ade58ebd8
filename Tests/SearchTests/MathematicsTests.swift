import Search
import Testing

/// Against values computed with 40 digits.
struct MathematicsTests {
    @Test(arguments: [
        (1.0, 0.0), (2.0, 0.693_147_180_559_945_309_4), (10.0, 2.302_585_092_994_045_684),
        (0.1, -2.302_585_092_994_045_684), (1.5, 0.405_465_108_108_164_381_98),
        (1.0.nextUp, 2.220_446_049_250_312_8e-16), (0.75, -0.287_682_072_451_780_927_4),
        (Double.leastNonzeroMagnitude, -744.440_071_921_381_262_3),
        (Double.greatestFiniteMagnitude, 709.782_712_893_383_973_1),
    ])
    func `logarithms are known values`(argument: Double, expected: Double) {
        let result = Mathematics.logarithm(argument)
        #expect((result - expected).magnitude <= 2 * expected.ulp)
    }

    @Test(arguments: [
        (0.0, 1.0), (1.0, 2.718_281_828_459_045_235_4), (-1.0, 0.367_879_441_171_442_321_6),
        (0.5, 1.648_721_270_700_128_146_8), (10.0, 22_026.465_794_806_716_517),
        (-20.0, 2.061_153_622_438_557_827_966e-9), (700.0, 1.014_232_054_735_004_509_455e304),
        (1e-10, 1.000_000_000_100_000_000_005),
    ])
    func `exponentials are known values`(argument: Double, expected: Double) {
        let result = Mathematics.exponential(argument)
        #expect((result - expected).magnitude <= 2 * expected.ulp)
    }

    @Test(arguments: [
        (0.5, 0.0), (0.975, 1.959_963_984_540_054_235_5), (0.025, -1.959_963_984_540_054_235_5),
        (0.8413, 0.999_815_093_614_744_596), (1e-10, -6.361_340_902_404_056_199),
        (1e-300, -37.047_096_299_361_199_2),
    ])
    func `normal quantiles are known values`(probability: Double, expected: Double) {
        let result = Mathematics.normalQuantile(probability)
        #expect((result - expected).magnitude <= 2e-15 * max(1, expected.magnitude))
    }

    @Test(arguments: [
        (0.0, 0.5), (0.1, 0.539_827_837_277_028_981), (1, 0.841_344_746_068_542_949),
        (-2, 0.022_750_131_948_179_207), (5, 0.999_999_713_348_428_120),
        (-7.5, 3.190_891_672_910_919e-14), (40, 1), (-40, 0),
    ])
    func `normal probabilities are known values`(value: Double, expected: Double) {
        let result = Mathematics.normalProbability(value)
        #expect((result - expected).magnitude <= 1e-14)
    }

    @Test
    func `the ends of the ranges have their limits`() {
        #expect(Mathematics.logarithm(0) == -.infinity)
        #expect(Mathematics.logarithm(.infinity) == .infinity)
        #expect(Mathematics.logarithm(-1).isNaN)
        #expect(Mathematics.exponential(.infinity) == .infinity)
        #expect(Mathematics.exponential(-.infinity) == 0)
        #expect(Mathematics.exponential(-745) == .leastNonzeroMagnitude)
        #expect(Mathematics.exponential(.nan).isNaN)
        #expect(Mathematics.normalQuantile(0) == -.infinity)
        #expect(Mathematics.normalQuantile(1) == .infinity)
        #expect(Mathematics.normalQuantile(1.1).isNaN)
        #expect(Mathematics.normalProbability(.nan).isNaN)
        #expect(Mathematics.normalProbability(-.infinity) == 0)
    }

    @Test
    func `the exponential undoes the logarithm`() {
        for step in 1...1000 {
            let value = Double(step) * 0.37
            let result = Mathematics.exponential(Mathematics.logarithm(value))
            #expect((result - value).magnitude <= 1e-14 * value)
        }
    }
}
