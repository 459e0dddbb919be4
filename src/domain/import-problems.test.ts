import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { FILE_REMEDIES, LINE_REMEDIES, remedyFor, WARNINGS } from './import-problems.ts'

const ALL = { ...FILE_REMEDIES, ...LINE_REMEDIES, ...WARNINGS }

it('has a sentence for each code', () => {
  for (const [code, sentence] of Object.entries(ALL)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/)
    expect(sentence).toMatch(/^[A-Z].*[.)]$/)
  }
  expect(remedyFor('ENOENT')).toBe('Check the spelling of the path.')
  expect(remedyFor('EBUSY')).toBeNull()
  expect(remedyFor('toString')).toBeNull()
})

it('has no code that nobody gives', () => {
  const folders = [
    import.meta.dirname,
    join(import.meta.dirname, '../sources'),
    join(import.meta.dirname, '../workflow'),
  ]
  const texts = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && name !== 'import-problems.ts')
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  const text = texts.join('')
  const unused = Object.keys(ALL).filter(
    (code) => !text.includes(`'${code}'`) && !text.includes(`  ${code}: '`),
  )
  expect(unused).toEqual([])
})
