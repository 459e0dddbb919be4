/** Owns the grammars: code to a tree (lowlight), the tree to stretches of our own few kinds. Loaded late, by highlight.ts. */
import bash from 'highlight.js/lib/languages/bash'
import css from 'highlight.js/lib/languages/css'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createLowlight } from 'lowlight'
import type { CodePiece, Language, TokenKind } from './highlight.ts'

const lowlight = createLowlight({ bash, css, javascript, json, python, sql, typescript, xml, yaml })
type Node = ReturnType<typeof lowlight.highlight>['children'][number]

const KINDS: Record<string, TokenKind> = {
  keyword: 'keyword',
  literal: 'keyword',
  'selector-tag': 'keyword',
  tag: 'keyword',
  operator: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  symbol: 'string',
  bullet: 'string',
  link: 'string',
  number: 'number',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  title: 'name',
  name: 'keyword',
  section: 'name',
  function: 'name',
  attr: 'type',
  attribute: 'type',
  property: 'type',
  type: 'type',
  built_in: 'type',
  class: 'type',
  variable: 'type',
  'template-variable': 'type',
  'selector-class': 'type',
  'selector-id': 'type',
  'selector-attr': 'type',
  'selector-pseudo': 'type',
  meta: 'comment',
  addition: 'added',
  deletion: 'removed',
}

export function highlight(code: string, language: Language): CodePiece[] {
  const pieces: CodePiece[] = []
  collect(lowlight.highlight(language, code).children, undefined, pieces)
  return pieces
}

function collect(nodes: readonly Node[], kind: TokenKind | undefined, pieces: CodePiece[]): void {
  for (const node of nodes) {
    if (node.type === 'text') add(pieces, node.value, kind)
    if (node.type !== 'element') continue
    collect(node.children as Node[], kindOf(node.properties.className) ?? kind, pieces)
  }
}

function kindOf(classes: unknown): TokenKind | undefined {
  const [first] = Array.isArray(classes) ? classes : []
  return KINDS[String(first).replace(/^hljs-/, '')]
}

function add(pieces: CodePiece[], text: string, kind: TokenKind | undefined): void {
  const last = pieces.at(-1)
  if (last && last.kind === kind) last.text += text
  else pieces.push({ text, kind })
}
