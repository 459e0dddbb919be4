/**
 * Owns what there is to do about each problem of an import, in words: one remedy for each code, shown beside the
 * reason. The codes are stable; programs may rely on them.
 */

/** Lines that were not taken. */
export const LINE_REMEDIES = {
  LINE_TOO_LONG: 'Shorten the record, or leave out what is not needed of it, and import the file again.',
  INVALID_UTF8: 'Save the file as UTF-8 and import it again.',
  TRUNCATED_LAST_LINE: 'Wait until the harness has finished, then import the file again.',
  JSON_SYNTAX: 'Mend the line, or run the benchmark again, and import the file again.',
  JSON_NONFINITE: 'Write null instead of NaN or Infinity (in Python: json.dumps(…, allow_nan=False)).',
  TRAILING_DATA: 'Put each object on a line of its own.',
  CONTROL_CHAR: 'Write the records with a JSON library, which escapes control characters.',
  TOO_DEEP: 'Flatten what is nested in the record.',
  TOO_MANY_NODES: 'Leave out long lists of data (token probabilities, for example) that nobody reviews.',
  DUPLICATE_KEY_CONFLICT: 'Keep one of the two values in the line.',
  NOT_OBJECT: 'Put one record, an object in {…}, on each line.',
  ID_MISSING: 'Give the record an id of its own.',
  ID_TYPE: 'Write the id as text.',
  ID_TOO_LONG: 'Give the record a shorter id.',
  FIELD_MISSING: 'Add the field to the record.',
  FIELD_TYPE: 'Write the field as the reason says.',
  CONTENT_PARTS_UNSUPPORTED: "Write the model's answer as one text.",
  NUMBER_OVERFLOW: 'Write a number that a computer can hold, or null.',
  ID_CONFLICT: 'Nothing, if the first one is right; otherwise give the other record an id of its own.',
} as const

/** Files and directories that were not read, or not to their end. */
export const FILE_REMEDIES = {
  NOTHING_FOUND: "Name the directory of one run, or the harness's bench_results.",
  NOT_REGULAR: 'Copy its content into an ordinary file and import that.',
  SYMLINK_ESCAPE: 'Name the target of the link itself.',
  CHANGED_DURING_IMPORT: 'Import it again once nothing writes to it; what was taken stays.',
  NOT_TEXT: 'Name the sft_candidates.jsonl of the harness.',
  NOT_JSONL: 'Write one record per line: in Python, json.dumps(record) and a line feed for each.',
  OTHER_SCHEMA: 'Check that this is the sft_candidates.jsonl of the harness, and the right --source.',
  ENCODING_UTF16: 'Save the file as UTF-8 and import it again.',
  COMPRESSED_UNDECLARED: 'Rename the file so that it ends in .gz or .zst, as its content does.',
  COMPRESSION_MISMATCH:
    'Name the file after what it is: .gz for gzip, .zst for Zstandard, neither for plain text.',
  ARCHIVE_UNSUPPORTED: 'Unpack the archive and import the files in it.',
  ARCHIVE_NESTED: 'Unpack the outer layer and import what is in it.',
  ARCHIVE_DAMAGED: 'Fetch the file again; what was taken stays.',
  RATIO: 'Unpack it yourself, look at what is in it, and import that.',
  EXPANDED_SIZE: 'Unpack it yourself, split it, and import the parts.',
  ENOENT: 'Check the spelling of the path.',
  ENOTDIR: 'Check the spelling of the path.',
  ENAMETOOLONG: 'Move the file to a shorter path.',
  ENXIO: 'Copy its content into an ordinary file and import that.',
  EISDIR: 'Name the file in it.',
  ELOOP: 'Name the file itself instead of the link.',
  EACCES: 'Let the user who runs Avocet read it (chmod, chown), then import it again.',
  EPERM: 'Let the user who runs Avocet read it (chmod, chown), then import it again.',
  EIO: 'Check the disk, then import it again; what was taken stays.',
  ENOSPC: 'Make room on the disk, then import again; what was taken stays.',
  EDQUOT: 'Make room within the quota, then import again; what was taken stays.',
  EROFS: 'Choose a database on a disk that can be written.',
} as const

/** Records and files that were taken, and are odd: what was found, and what became of it. */
export const WARNINGS = {
  EMPTY_FILE: 'The file is empty.',
  NO_RECORDS: 'The file holds blank lines only.',
  GREW: 'The file grew while it was read; import it again for the rest.',
  DELETED_DURING_IMPORT: 'The file was deleted while it was read; it was read to its end.',
  BOM_STRIPPED: 'The line began with a byte order mark, which was left out.',
  DUPLICATE_KEY: 'A field came twice with the same value.',
  RESERVED_KEY: 'The record has a key like __proto__, which is kept as plain data.',
  ID_NOT_STRING: 'The id was a number; it is kept as it was written, with n: before it.',
  ID_NORMALISATION_COLLISION:
    'Two ids of the file differ only in their capitals or in how an accent is written.',
  SAME_CONTENT: 'Two records of the file have the same model, prompt and answer under different ids.',
  ID_UNUSUAL: 'The id holds characters that cannot be seen.',
  SOURCE_HAS_CORRECTION: 'A correction came along on a card that still needs review; it was not taken over.',
  SOURCE_ALREADY_DECIDED: 'The card was decided before it came here; it is shown, and not reviewed again.',
  APPROVED_WITHOUT_TEXT: 'The card was approved without a correction; it went back to review.',
  CORRECTION_EMPTY: 'The correction was empty; the card counts as not corrected.',
  CATEGORY_UNKNOWN: 'The reason why it failed is none of the six; it was left out.',
  STATUS_UNKNOWN: 'The status is missing or none of the four; the card went to review.',
  FIELD_MISSING: 'The record has no corrected_response; it counts as not corrected.',
  FIELD_IGNORED: 'A field held something of the wrong kind; it was left empty.',
  NUMBER_PRECISION: 'A number has more digits than can be kept; the record itself keeps them.',
  NUMBER_OVERFLOW: 'A number is too large to be kept; the record itself keeps it.',
  SCORE_RANGE: 'The score lies outside 0 to 1; it was left empty.',
  SCORE_TYPE: 'The score was not a number; where its text was one, that was taken.',
  SPEED_RANGE: 'The tokens per second are negative or impossibly many; they were left empty.',
  TIMESTAMP: 'The timestamp is not a moment in ISO 8601; it is kept as it is.',
  TIMESTAMP_FUTURE: 'The timestamp lies in the future.',
  LONG_TEXT: 'The reason of the failure is very long.',
  EMPTY_RESPONSE: 'The answer of the model is empty.',
  EMPTY_PROMPT: 'The prompt has no messages; the card cannot be exported.',
  MANY_MESSAGES: 'The prompt has a thousand messages or more.',
  ROLE_ORDER:
    'The messages stand in an unusual order: the system first, then user and assistant, the user last.',
  UNKNOWN_ROLE: 'A message has a role other than system, user, assistant and tool; it is shown as it is.',
  TOOL_CALLS_NOT_SHOWN: 'A message calls tools; the calls are kept and not shown in full.',
  CONTENT_PARTS: 'A message is made of parts; the text is shown, other parts are named, nothing is fetched.',
  CONTENT_NOT_TEXT: 'The prompt holds more than text; the card cannot be exported.',
  LONE_SURROGATE: 'The answer holds half of a character, shown as a replacement mark.',
  NUL_IN_TEXT: 'The answer holds a NUL character, shown as its picture.',
} as const

export type LineCode = keyof typeof LINE_REMEDIES
export type FileCode = keyof typeof FILE_REMEDIES
export type WarningCode = keyof typeof WARNINGS

const REMEDIES: Record<string, string> = { ...FILE_REMEDIES, ...LINE_REMEDIES }

/** What to do about a problem, in a sentence; null for a code of the system that we know no better about. */
export function remedyFor(code: string): string | null {
  return Object.hasOwn(REMEDIES, code) ? (REMEDIES[code] as string) : null
}
