/** Owns the CRC-32 of two parts together, from the CRC-32 of each: neither is read again. */

/** x^8, by which one byte more multiplies; the highest bit stands for x^0. */
const ONE_BYTE = 0x00800000
/** https://www.rfc-editor.org/rfc/rfc1952#section-8, without its x^32. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000

/** Of two parts in a row. `length`: bytes of the second. */
export function joined(first: number, second: number, length: number): number {
  return (times(power(ONE_BYTE, length), first) ^ second) >>> 0
}

/** Squares and multiplies. */
function power(base: number, exponent: number): number {
  let result = ONE
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, square)
    square = times(square, square)
  }
  return result
}

/** Of two polynomials over two elements, without what the polynomial divides. */
function times(a: number, b: number): number {
  let product = 0
  let shifted = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL
  }
  return product >>> 0
}
