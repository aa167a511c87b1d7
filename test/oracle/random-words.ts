import fc, { type Arbitrary } from 'fast-check'
import { join, literal, maybe, repeated, words } from './random-grammar.ts'

const urls = join(
  maybe(
    words('http https HTTP mailto: a+b: 1a: : é:').map((scheme) => (scheme.endsWith(':') ? scheme : `${scheme}:`)),
    1,
  ),
  maybe(words('//h //h.io:80 //u@h //u:p@h:1 //u:p%40@h // //[::1] //[::1]:80 //h:x //[::1 //h%41 //é.io //h: //u:@h //%zz //a@b@c /// //h^')),
  maybe(words('/ /a/b /a%20b /a%2fb /é / /a;b a/b /a//b /%zz ../x /a[b] /"q" /a|b *')),
  maybe(words('?q ?a=b&c=d ? ?é ?a%20b ?%zz ?a=b?c ?a+b')),
  maybe(words('#f # #a%20b #é #a#b #%zz')),
)

/** URLs taken apart and joined. */
export const urlTemplates: Arbitrary<string> = fc.oneof(
  urls.map((url) => `{{ urlParse ${literal(url)} | toJson }} {{ urlParse ${literal(url)} | urlJoin }}`),
  fc
    .tuple(
      ...['scheme', 'host', 'path', 'query', 'fragment', 'userinfo', 'opaque'].map((key) =>
        maybe(
          words('http a h:80 /a%20b é q=1 u:p u x/y %zz a?b //').map((text) => ` ${literal(key)} ${literal(text)}`),
          1,
        ),
      ),
    )
    .map((parts) => `{{ urlJoin (dict${parts.join('')}) }}`),
)

const phrases = repeated(
  fc.constantFrom(...'a B foo Bar HTTP 2x x1 é Ü ß ﬁ 日本 _ - . , / 😀 ſ İ ʼn ǆ'.split(' '), ' ', '  ', '\n', '\t', '__', '--', '\u00a0', '\u3000'),
  0,
  7,
)
const counts = words('-5 -2 -1 0 1 2 3 4 5 8 20')

/** Functions of text over words of many scripts. */
export const textTemplates: Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      words(
        'snakecase camelcase kebabcase title untitle upper lower swapcase initials nospace trim quote squote html js urlquery b64enc b32enc b64dec b32dec sha1sum adler32sum base dir ext clean isAbs osBase regexQuoteMeta trimAll|"_-" trimPrefix|"a" trimSuffix|"x1" len toString splitList|"_" split|"-" splitn|"_"|2 replace|"a"|"é" contains|"" hasPrefix|"f" cat print',
      ),
      phrases,
    )
    .map(([name, text]) => `{{ ${name.replaceAll('|', ' ')} ${literal(text)} }}`),
  fc
    .tuple(words('trunc wrap indent nindent repeat'), counts, phrases)
    .map(([name, n, text]) => `{{ ${name} ${name === 'repeat' ? n.replace('20', '4') : n} ${literal(text)} | quote }}`),
  fc.tuple(words('substr abbrevboth'), counts, counts, phrases).map(([name, a, b, text]) => `{{ ${name} ${a} ${b} ${literal(text)} | quote }}`),
  fc.tuple(counts, phrases).map(([n, text]) => `{{ abbrev ${n} ${literal(text)} | quote }}`),
  fc.tuple(counts, words('"" "-" "\\n" "<br>"'), phrases).map(([n, between, text]) => `{{ wrapWith ${n} ${between} ${literal(text)} | quote }}`),
  fc
    .tuple(words('_ - , a  . é'), counts, phrases)
    .map(([by, n, text]) => `{{ splitn ${literal(by)} ${n} ${literal(text)} | toJson }} {{ splitList ${literal(by)} ${literal(text)} | toJson }}`),
)
