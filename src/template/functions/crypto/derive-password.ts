import { createHmac, scryptSync } from 'node:crypto'
import { bytesOfString } from '../../../go/bytes.ts'

const SEED = 'com.lyndir.masterpassword'

/** Shapes of passwords: each letter stands for one character out of `ALPHABETS`. */
const SHAPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    (
      'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv ' +
      'CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc ' +
      'CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno'
    ).split(' '),
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
])

const ALPHABETS: Readonly<Record<string, string>> = {
  V: 'AEIOU',
  C: 'BCDFGHJKLMNPQRSTVWXYZ',
  v: 'aeiou',
  c: 'bcdfghjklmnpqrstvwxyz',
  A: 'AEIOUBCDFGHJKLMNPQRSTVWXYZ',
  a: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz',
  n: '0123456789',
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: 'AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()',
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A text behind its length in bytes. */
function counted(text: string): Buffer {
  const bytes = bytesOfString(text)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/**
 * A password for a site out of a master password: the same inputs always give the same one.
 *
 * Source: Master Password algorithm 3, sprig 3.3.0 crypto.go (derivePassword)
 */
export function derivePassword(counter: number, type: string, password: string, user: string, site: string): string {
  const shapes = SHAPES.get(type)
  if (!shapes) return `cannot find password template ${type}`
  const seed = createHmac('sha256', masterKey(password, user)).update(SEED).update(counted(site)).update(uint32(counter)).digest()
  const shape = shapes[(seed[0] as number) % shapes.length] as string
  return [...shape].map((letter, i) => pick(ALPHABETS[letter] as string, seed[i + 1] as number)).join('')
}

function pick(alphabet: string, byte: number): string {
  return alphabet[byte % alphabet.length] as string
}

const MOST_KEYS = 100
const masterKeys = new Map<string, Buffer>()

/** Making a key takes a tenth of a second on purpose, and state files ask for hundreds of passwords of a few users. */
function masterKey(password: string, user: string): Buffer {
  const known = masterKeys.get(`${user}\0${password}`)
  if (known) return known
  const salt = Buffer.concat([Buffer.from(SEED), counted(user)])
  const key = scryptSync(bytesOfString(password), salt, 64, { N: 32768, r: 8, p: 2, maxmem: 128 * 1024 * 1024 })
  if (masterKeys.size < MOST_KEYS) masterKeys.set(`${user}\0${password}`, key)
  return key
}
