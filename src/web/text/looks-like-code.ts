/** Owns telling an answer that is code without a fence, which Markdown would tear apart, from prose. */

const FENCE = /^ {0,3}(?:`{3}|~{3})/m
const MARKUP = /^ {0,3}(?:#{2,6} |> |[-*+] (?!\*)|\d+[.)] )|\*\*\w|\]\(/m
const BEGINS = [
  /^\s*(?:async )?def \w+\(/m,
  /^\s*class \w+[^\n]*[:{]$/m,
  /^(?:import [\w.]+(?:$|,| as )|import [^\n]* from ['"]|from [\w.]+ import )/m,
  /^\s*(?:export |default |async )*function\b[^\n]*\(/m,
  /^\s*(?:export )?(?:const|let|var|type|interface) \w+[^\n]*[={;]/m,
  /^#!\//,
  /^#include\b/m,
  /^\s*(?:public|private|static) [\w<>[\]]+ \w+/m,
]
const CODE_LINE =
  /^(?: {4}|\t)|[;{}[\]()=,]\s*$|^\s*(?:[})\]]|#|\/\/|@\w|(?:def|class|import|from|return|if|else|elif|for|while|try|except|with|const|let|var|function|export|print|echo|do|done|fi)\b)/
/** No language has sentences at the beginning of a line. */
const SENTENCE = /^[A-Z"“][\w'’]* [\w'’]+ [^\n]*[\w)"”][.!?:]\s*$/m
const QUERY = /^\s*(?:select|with|insert into|update|delete from|create (?:table|view|index))\b/i
const QUERY_LINE =
  /^\s*(?:select|from|where|group|order|having|join|left|right|inner|on|and|or|limit|offset|union|values|set|with|insert|update|delete|create|case|when|end|[()]|--|\w+[\w.]*(?: as \w+)?,?$)/i

/** The name of its language, '' for code of no known one, or undefined for what is not code. */
export function languageOf(text: string): string | undefined {
  if (FENCE.test(text)) return undefined
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return undefined
  if (isJson(text)) return 'json'
  if (/^\s*<(?:!doctype|html|\?xml|svg)\b/i.test(text)) return 'xml'
  if (isQuery(text, lines)) return 'sql'
  const isIndented = lines.every((line) => /^(?: {4}|\t)/.test(line))
  if (!isIndented && (MARKUP.test(text) || SENTENCE.test(text) || share(lines, CODE_LINE) < 0.7))
    return undefined
  if (!isIndented && !BEGINS.some((begin) => begin.test(text))) return undefined
  return guess(text)
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function isQuery(text: string, lines: string[]): boolean {
  if (!QUERY.test(text)) return false
  return lines.length > 1 ? share(lines, QUERY_LINE) >= 0.7 : /;\s*$/.test(text)
}

function share(lines: string[], pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length / lines.length
}

function guess(text: string): string {
  if (/^#!.*sh\b/.test(text)) return 'bash'
  if (/^\s*(?:def \w+\(.*:|class \w+.*:|from [\w.]+ import |import \w+$|elif |print\()/m.test(text))
    return 'python'
  if (/\b(?:const|let|var|function)\b|=>|;$/m.test(text)) return 'typescript'
  return ''
}
