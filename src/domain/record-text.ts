/** Owns what the text of a record says beyond the value that JSON.parse makes of it. */

/** Of the top level only. Most records are plain: no key comes twice, no number is changed by reading it. */
export type RecordText = {
  /** Each number as it was written, under its key. */
  numbers: ReadonlyMap<string, string>
  /** Each key that came more than once, and whether all its values are equal. */
  repeated: ReadonlyMap<string, 'same' | 'other'>
}

export const PLAIN: RecordText = { numbers: new Map(), repeated: new Map() }

/** Whether reading it as a double lost no digit: 0.10 and 1e2 are what they say, 12345678901234567890 is not. */
export function isExact(source: string, value: number): boolean {
  return digitsOf(source) === digitsOf(String(value))
}

function digitsOf(number: string): string {
  const [mantissa = ''] = number.toLowerCase().split('e')
  const digits = mantissa.replace(/[-.]/g, '')
  return digits.replace(/^0+/, '').replace(/0+$/, '')
}
