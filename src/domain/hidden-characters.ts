/** Owns which characters cannot be seen or turn the text around them, and what each is called. */

/** A stretch of text; with a `label` it is hidden, and is shown as a mark of that label. */
export type Stretch = { text: string; label?: string; name?: string }

/** Each mark costs two elements; past this many, hidden characters become a sign, which costs none. */
export const MOST_MARKS = 2_000
/** In every font: half a million changes of font took Chromium half a minute. */
const SIGN = '¤'

// Sequences in which a hidden character is spelling: emoji, keycaps, the three flags of tags, and joiners between two
// letters of a script that is written with them (Persian plurals, Indic conjuncts).
const EMOJI = String.raw`\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?[\uFE0E\uFE0F]?`
const FLAG = String.raw`\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}`
const SCRIPTS =
  'Arabic Syriac Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar'
const JOINING = `[${SCRIPTS.replace(/\w+ ?/g, (script) => `\\p{Script=${script.trim()}}`)}]`
const SPELLING = [
  FLAG,
  String.raw`${EMOJI}(?:\u200D${EMOJI}){0,9}`,
  String.raw`[0-9#*]\uFE0F\u20E3`,
  String.raw`(?<=${JOINING})[\u200C\u200D](?=${JOINING})`,
].join('|')
// Unicode's own list, plus controls, lone surrogates, line separators, blank Braille and musical glyphs, annotations.
const HIDDEN = String.raw`(?:(?!\t|\n|\r\n)[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\uFFF9-\uFFFB\u{1D159}])+`
const SCAN = new RegExp(`(?:${SPELLING})|(?<hidden>${HIDDEN})`, 'gu')
/** Most text has none, and one cheap look says so: the same characters, told without looking ahead of each. */
const SUSPECT =
  /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u2800\uFFF9-\uFFFB\u{1D159}]--[\t\n\r]]|\r(?!\n)/v

const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )
const NAMES: Record<number, string> = {
  173: 'soft hyphen',
  847: 'combining grapheme joiner',
  1564: 'Arabic letter mark',
  4447: 'Hangul filler',
  4448: 'Hangul filler',
  6158: 'Mongolian vowel separator',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'end of isolate',
  10240: 'blank Braille pattern',
  12644: 'Hangul filler',
  65279: 'byte order mark',
  65440: 'Hangul filler',
}

/** Text as stretches that are shown and stretches that are marked; joined, they are the text again. */
export function stretchesOf(text: string): Stretch[] {
  if (!SUSPECT.test(text)) return [{ text }]
  const stretches: Stretch[] = []
  let shownTo = 0
  for (const match of text.matchAll(SCAN)) {
    if (match.groups?.hidden === undefined) continue
    if (match.index > shownTo) stretches.push({ text: text.slice(shownTo, match.index) })
    stretches.push(...marksOf(match[0]))
    shownTo = match.index + match[0].length
  }
  if (shownTo < text.length) stretches.push({ text: text.slice(shownTo) })
  return stretches
}

/** For what is too long for marks: one visible sign for each hidden character. */
export function withSigns(text: string): string {
  return text.replace(SCAN, (match, ...rest) => {
    const groups = rest.at(-1) as { hidden?: string }
    return groups.hidden === undefined ? match : SIGN.repeat([...match].length)
  })
}

function marksOf(run: string): Stretch[] {
  const tags = spelledInTags(run)
  if (tags) return [{ text: run, label: `tags “${tags.slice(0, 40)}”`, name: `Hidden tags spell “${tags}”` }]
  const same = [...run.matchAll(/(.)\1*/gsu)].map(([text]) => markOf(text))
  if (same.length <= 6) return same
  const count = [...run].length
  const names = [...new Set(same.map(({ name }) => name?.replace(/,.*/, '')))].slice(0, 12)
  return [{ text: run, label: `${count} hidden`, name: `${count} hidden characters: ${names.join(', ')}` }]
}

function markOf(text: string): Stretch {
  const code = text.codePointAt(0) ?? 0
  const count = [...text].length
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  const name = [number, CONTROLS[code] ?? nameOf(code)].filter(Boolean).join(' ')
  return {
    text,
    label: `${CONTROLS[code] ?? number}${count > 1 ? ` ×${count}` : ''}`,
    name: count > 1 ? `${name}, ${count} times` : name,
  }
}

function nameOf(code: number): string {
  if (code >= 0x7f && code <= 0x9f) return 'control character'
  if (code >= 0xd800 && code <= 0xdfff) return 'half of a character'
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'variation selector'
  return NAMES[code] ?? 'hidden character'
}

/** Tag characters mirror ASCII: models read what they spell, people see nothing. */
function spelledInTags(run: string): string | undefined {
  const codes = [...run].map((character) => character.codePointAt(0) ?? 0)
  if (!codes.every((code) => code >= 0xe0001 && code <= 0xe007f)) return undefined
  return codes
    .map((code) => (code < 0xe0020 || code === 0xe007f ? '' : String.fromCharCode(code - 0xe0000)))
    .join('')
}
