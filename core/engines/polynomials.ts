/**
 * Coefficients of the functions every engine computes itself, constant term first: fitted (Chebyshev nodes, Lawson
 * weights) to the errors stated where they are used. Method: Muller, Elementary Functions, 2016.
 */

/** (eʳ − 1 − r) / r², |r| at most ½ log 2. */
export const expTail = [0.5, 0.166665181517601, 0.04166620597243309, 0.008368954062461853, 0.0013950599823147058];

/** (log (1 + f) − f + f²/2) / f³, f in √½ − 1..√2 − 1. */
export const logTail = [
  0.3333331346511841, -0.25000008940696716, 0.200021430850029, -0.16668042540550232, 0.14219053089618683, -0.12404343485832214,
  0.11890847980976105, -0.11684970557689667, 0.06752058863639832,
];

/** (tanh x / x − 1) / x² by x², |x| below 0.625. */
export const tanhTail = [-0.3333328366279602, 0.133314847946167, -0.0537429116666317, 0.020648565143346786, -0.005714678205549717];

/** erf x / x − 1 by x², |x| below 1. */
export const erfNear = [
  0.12837916612625122, -0.37612637877464294, 0.11283782869577408, -0.02686544507741928, 0.005221074912697077, -0.00084847112884745,
  0.00011270544200669974, -9.680136827228125e-6,
];

/** −log (1 − erf x), x in 1..4. */
export const erfFar = [
  -0.0001880402269307524, 1.1295784711837769, 0.6332198977470398, 0.10841857641935349, -0.025208257138729095, 0.004204561933875084,
  -0.00044133636401966214, 2.1686850232072175e-5,
];

/** (sin r / r − 1) / r² and (cos r − 1) / r², by r², |r| at most π/4. */
export const sinTail = [-0.1666666716337204, 0.008333329111337662, -0.00019839295418933034, 2.7179398784937803e-6];
export const cosTail = [-0.5, 0.0416666679084301, -0.0013888883404433727, 2.4799479433568195e-5, -2.720678651257913e-7];

/** log 2 in two parts, the first with few enough bits that its product with an exponent is exact. */
export const log2High = 0.693359375;
export const log2Low = -2.1219444e-4;

/** π/2 in three parts, whose products with whole numbers up to 5215 are exact but for the last. */
export const halfPi = [1.5703125, 4.837512969970703e-4, 7.549789954891882e-8] as const;
