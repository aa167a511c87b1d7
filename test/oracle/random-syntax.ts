import fc, { type Arbitrary } from 'fast-check'
import { join, repeated } from './random-grammar.ts'

/** What stands in the examples: the source text of every kind of token, in any order. */
const tokens = fc.constantFrom(
  ...'. .a .Values .Values.l .Values.m.a $ $x $x.a $.Values.i | , ( ) ( ) := = true false nil "s" "%v" `r` 1 -2 1.5 0x1F 0b1 0o7 1_0 1e2 \'c\' 1i print printf len index list dict eq not and if range with else end define template block break continue include tpl quote add'.split(
    ' ',
  ),
  '$x := 1',
  'template "t"',
  'include "t" .',
  '(list 1 2)',
  '(dict "a" 1)',
  'else if .Values.i',
  'else with .Values.i',
)
const soups = repeated(join(tokens, fc.constantFrom(' ', ' ', ' ', '')), 0, 5)
const openings = fc.constantFrom('{{ ', '{{ ', '{{', '{{- ', '{{-', '{{ -', '{{/* c */', '{{- /* c */ ')
const closings = fc.constantFrom(' }}', ' }}', '}}', ' -}}', '-}}', '- }}', ' }', '*/}}', '\n}}')
const blocks = fc.constantFrom(
  '{{ if . }}',
  '{{ range .Values.l }}',
  '{{ range $i, $e := .Values.m }}',
  '{{ with $x := 5 }}',
  '{{ else }}',
  '{{ else if 1 }}',
  '{{ else with 1 }}',
  '{{ end }}',
  '{{ end }}',
  '{{- end -}}',
  '{{ define "t" }}',
  '{{ block "b" . }}',
  '{{ break }}',
  '{{ continue }}',
  '{{/* c */}}',
  '{{- /* c */ -}}',
)

/** Tokens in any order: most are wrong, and say where. */
export const syntaxTemplates: Arbitrary<string> = repeated(
  fc.oneof(
    { weight: 3, arbitrary: join(openings, soups, closings) },
    { weight: 4, arbitrary: join('{{ ', soups, ' }}') },
    { weight: 2, arbitrary: blocks },
    fc.constantFrom(' x ', '\n', '  \n\t', 'a', '{', '}}'),
  ),
  1,
  5,
)
