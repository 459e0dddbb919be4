/** Owns the bytes by which a candidate's id is found: the index of a million ids is half as large as with their text. */

/** What the two kinds begin with, so that no id can be made that has the key of another. */
const [UUID] = Buffer.from('u')
/** Where the pairs of digits of a UUID stand in its text. */
const PAIRS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const DASHES = [8, 13, 18, 23]
const [DASH] = Buffer.from('-')
/** The value of each digit; 255 for what is none. Capitals are none: they make another id. */
const DIGITS = new Uint8Array(128).fill(255)
for (const [value, digit] of [...Buffer.from('0123456789abcdef')].entries()) DIGITS[digit] = value

/**
 * Of any text as it is stored (see `cleanText`), equal only for equal ones. 17 bytes for a UUID in small letters, as
 * harnesses write it.
 */
export function idKey(id: string): Uint8Array {
  return keyOfUuid(id) ?? Buffer.from(`t${id}`)
}

function keyOfUuid(id: string): Uint8Array | null {
  if (id.length !== 36) return null
  for (const at of DASHES) if (id.charCodeAt(at) !== DASH) return null
  const key = new Uint8Array(17)
  key[0] = UUID as number
  for (let at = 0; at < PAIRS.length; at++) {
    const pair = PAIRS[at] as number
    const high = DIGITS[id.charCodeAt(pair)] ?? 255
    const low = DIGITS[id.charCodeAt(pair + 1)] ?? 255
    if (high === 255 || low === 255) return null
    key[at + 1] = high * 16 + low
  }
  return key
}

const DIGIT = '[0-9a-f]'
const PATTERN = [8, 4, 4, 4, 12].map((digits) => DIGIT.repeat(digits)).join('-')

/** The same in SQL, for the records of a database that had none. */
export const ID_KEY_IN_SQLITE = `case when id glob '${PATTERN}'
  then unhex('75' || replace(id, '-', '')) else cast('t' || id as blob) end`
export const ID_KEY_IN_POSTGRES = `case when id ~ '^${PATTERN}$'
  then decode('75' || replace(id, '-', ''), 'hex') else convert_to('t' || id, 'UTF8') end`
