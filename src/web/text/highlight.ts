/** Owns the colours of code: what a language is called, and the highlighter, which is fetched when code is first shown. */

/** Each is a class of `model-text.css`; there are no others. */
export const TOKEN_KINDS = [
  'keyword',
  'string',
  'number',
  'comment',
  'name',
  'type',
  'added',
  'removed',
] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]
/** A stretch of code of one colour; joined, they are the code again. */
export type CodePiece = { text: string; kind?: TokenKind | undefined }
export type Highlight = (code: string, language: Language) => CodePiece[]

export type Language =
  | 'python'
  | 'sql'
  | 'typescript'
  | 'javascript'
  | 'bash'
  | 'json'
  | 'xml'
  | 'css'
  | 'yaml'

/** Longer code stays in one colour: a grammar is no place to wait. */
export const LONGEST = 20_000

const ALIASES: Record<string, Language> = {
  python: 'python',
  py: 'python',
  python3: 'python',
  sql: 'sql',
  sqlite: 'sql',
  postgresql: 'sql',
  mysql: 'sql',
  typescript: 'typescript',
  ts: 'typescript',
  tsx: 'typescript',
  javascript: 'javascript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  bash: 'bash',
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  console: 'bash',
  json: 'json',
  jsonc: 'json',
  jsonl: 'json',
  html: 'xml',
  xml: 'xml',
  svg: 'xml',
  vue: 'xml',
  css: 'css',
  yaml: 'yaml',
  yml: 'yaml',
}

/** The language that a fence names by its first word. */
export function knownLanguage(info: string): Language | undefined {
  const word = (/^[\w+#-]*/.exec(info)?.[0] ?? '').toLowerCase()
  return Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined
}

let highlight: Highlight | undefined

/** Undefined until it was fetched once. */
export function loadedHighlight(): Highlight | undefined {
  return highlight
}

/** Without it (the server is gone) code stays in one colour. */
export async function loadHighlight(): Promise<Highlight | undefined> {
  try {
    highlight ??= (await import('./highlighter.ts')).highlight
  } catch {
    return undefined
  }
  return highlight
}
