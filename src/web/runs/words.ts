/** Owns what the codes of an import mean, in sentences. An unknown code is shown as it is. */

export const WARNING_WORDS: Record<string, string> = {
  BOM_STRIPPED: 'The line began with a byte order mark, which was left out.',
  ID_NOT_STRING: 'The id was a number; it is kept as text.',
  ID_UNUSUAL: 'The id holds characters that cannot be seen.',
  SOURCE_HAS_CORRECTION: 'A correction came along on a card that still needs review; it was not taken over.',
  SOURCE_ALREADY_DECIDED: 'The card was decided before it came here; it is shown, and not reviewed again.',
  APPROVED_WITHOUT_TEXT: 'The card was approved without a correction; it went back to review.',
  CATEGORY_UNKNOWN: 'The reason why it failed is none of the six; it was left out.',
  STATUS_UNKNOWN: 'The status is none of the four; the card went to review.',
  FIELD_IGNORED: 'A field held something of the wrong kind; it was left empty.',
  SCORE_RANGE: 'The score lies outside 0 to 1.',
  EMPTY_RESPONSE: 'The answer of the model is empty.',
  EMPTY_PROMPT: 'The prompt has no messages; the card cannot be exported.',
  CONTENT_NOT_TEXT: 'The prompt holds more than text; the card cannot be exported.',
  LONE_SURROGATE: 'The answer holds half of a character, shown as a replacement mark.',
  NUL_IN_TEXT: 'The answer holds a NUL character, shown as its picture.',
}

/** How each count of a report is named, in the order in which it is read. */
export const COUNT_WORDS = [
  { key: 'lines', label: 'lines read', explain: 'The sum of all the others.' },
  { key: 'imported', label: 'imported', explain: 'New cards.' },
  { key: 'duplicate', label: 'known already', explain: 'The same id with the same content: nothing to do.' },
  {
    key: 'conflict',
    label: 'in conflict',
    explain: 'A known id with other content: the first one was kept.',
  },
  { key: 'rejected', label: 'rejected', explain: 'Lines that could not be taken.' },
  { key: 'skipped', label: 'skipped', explain: 'Understood, and not a wrong answer.' },
  { key: 'blank', label: 'blank', explain: 'Empty lines.' },
] as const
