/** Owns which links of a model may be opened: http, https and mailto, written plainly. */

const PLAIN = /^(?:https?:\/\/[^/?#\\]|mailto:[^\s])/i
// What browsers drop or turn while reading an address (tabs, line ends, backslashes) and what nobody can see.
const TRICKS = /[\s\\\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u

/** The address that a click opens, as the browser writes it (a foreign host in Punycode), or undefined: shown, not linked. */
export function safeLink(target: string): string | undefined {
  if (!PLAIN.test(target) || TRICKS.test(target) || !URL.canParse(target)) return undefined
  const url = new URL(target)
  // "https://bank.example@elsewhere" reads as the bank.
  if (url.username !== '' || url.password !== '') return undefined
  return /^(?:https?|mailto):$/.test(url.protocol) ? url.href : undefined
}
