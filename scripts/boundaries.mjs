// Owns the absences that Biome cannot express: words that must not occur in a folder, and imports that depend on more than a path.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root, say } from './process.mjs'

const isTest = (path) => path.startsWith('tests/') || path.endsWith('.test.ts')
const inSrc = (path) => path.startsWith('src/')
const onPage = (path) => path.startsWith('src/web/') && !isTest(path)
const onServer = (path) =>
  inSrc(path) && !path.startsWith('src/web/') && !path.startsWith('src/cli/') && !isTest(path)

/** Each row: which files, what must not occur in their code, and what to do instead. */
const words = [
  [
    (path) => onPage(path) && path !== 'src/web/api.ts',
    /(?<![.\w])fetch\s*\(|\b(window|globalThis|self)\.fetch\b|\bXMLHttpRequest\b/,
    'only src/web/api.ts talks to the server',
  ],
  [onServer, /\bprocess\.env\b/, 'only src/cli reads the environment: pass the value down'],
  [
    onServer,
    /\bDate\.now\b|\bnew Date\b\s*(\(\s*\)|(?!\s*\())/,
    'only src/cli reads the clock: use deps.now',
  ],
  [
    inSrc,
    /\b(innerHTML|outerHTML|insertAdjacentHTML)\b|\bv-html\b/,
    'no HTML strings: text becomes a tree of nodes',
  ],
  [isTest, /\.(only|skip)\s*[.(]/, 'no test is left out; what a machine cannot run says so with skipIf'],
]
const todo = /\b(TODO|FIXME)\b/

const problems = ['src', 'tests'].flatMap((folder) => filesBelow(join(root, folder))).flatMap(problemsOf)
for (const problem of problems) say(problem)
process.exitCode = problems.length > 0 ? 1 : 0

function problemsOf(file) {
  const path = relative(root, file).replaceAll('\\', '/')
  const text = readFileSync(file, 'utf8')
  const code = blankComments(text)
  const rules = words.filter(([applies]) => applies(path))
  const found = rules.flatMap(([, word, advice]) => linesWith(path, code, word, advice))
  if (inSrc(path)) found.push(...linesWith(path, text, todo, 'do it now or file an issue'))
  return [...found, ...importProblems(path, code)]
}

function linesWith(path, text, word, advice) {
  return text.split('\n').flatMap((line, index) => {
    const match = word.exec(line)
    return match ? [`${path}:${index + 1} has ${match[0].trim()}: ${advice}`] : []
  })
}

function importProblems(path, code) {
  if (!inSrc(path) || isTest(path)) return []
  const imports = [
    ...code.matchAll(
      /\b(?:(?:import|export)\b(?<clause>[\w\s{},*$]*?)\bfrom|import)\s*\(?\s*['"](?<from>\.[^'"]+)['"]/g,
    ),
  ]
  return imports.flatMap(({ index, groups: { clause, from } }) => {
    const place = `${path}:${code.slice(0, index).split('\n').length}`
    const target = join(dirname(path), from).replaceAll('\\', '/')
    if (onPage(path) && target === 'src/contract.ts' && !/^\s*type\b/.test(clause ?? '')) {
      return [`${place} imports values of contract.ts: the page takes its types alone (import type)`]
    }
    if (onPage(path) && !/^src\/(web\/|domain\/|contract\.ts$)/.test(target)) {
      return [
        `${place} imports ${target}: the page knows src/domain, the types of src/contract.ts and itself`,
      ]
    }
    const alone = isMember(path, code) && isMember(target)
    return alone ? [`${place} imports ${target}: a source, a format or a consumer never imports another`] : []
  })
}

function isMember(path, code) {
  if (!/^src\/(sources|formats|formats\/checks|insights)\/[^/]+\.ts$/.test(path)) return false
  return /^export default define(Source|Format|Insight|Consumer)\b/m.test(
    code ?? readFileSync(join(root, path), 'utf8'),
  )
}

// Strings are matched too, so that '**/*.ts' or 'https://…' does not begin a comment; line numbers stay.
function blankComments(text) {
  const parts =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|<!--.*?-->|\/\*.*?\*\/|\/\/[^\n]*/gs
  return text.replace(parts, (part) => (/^['"`]/.test(part) ? part : part.replace(/[^\n]/g, ' ')))
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && /\.(ts|vue|html|mjs|js)$/.test(entry.name))
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
