import type { GoValue } from '../../go/values.ts'
import { HclError, toText, toWhole } from './convert.ts'
import type { FunctionTable } from './function-table.ts'

/** A network: its address with the host bits zero, and how many bits are the network's. */
interface Network {
  readonly address: bigint
  readonly size: number
  /** 32 or 128. */
  readonly bits: number
}

function parseNetwork(text: string): Network {
  const [host = '', length = ''] = text.split('/')
  const bits = host.includes(':') ? 128 : 32
  const address = bits === 32 ? parseFour(host) : parseSix(host)
  const size = Number(length)
  if (address === undefined || !/^\d{1,3}$/.test(length) || size > bits) throw new HclError(`invalid CIDR expression: invalid CIDR address: ${text}`)
  const free = BigInt(bits - size)
  return { address: (address >> free) << free, size, bits }
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined
  return parts.reduce((address, part) => (address << 8n) | BigInt(part), 0n)
}

function parseSix(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - left.length - right.length
  const isComplete = more === undefined && (tail === undefined ? missing === 0 : missing >= 0)
  const parts = isComplete ? [...left, ...Array<string>(missing).fill('0'), ...right] : []
  if (parts.length !== 8 || parts.some((part) => !/^[0-9a-fA-F]{1,4}$/.test(part))) return undefined
  return parts.reduce((address, part) => (address << 16n) | BigInt(`0x${part}`), 0n)
}

function addressText(address: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.')
  const parts = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(16 * (7 - i))) & 0xffffn).toString(16))
  const runs = [...parts.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].sort((a, b) => b[0].length - a[0].length || a.index - b.index)
  const text = parts.join(':')
  const [longest] = runs
  if (!longest) return text
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
}

function host(prefix: string, number: number): string {
  const { address, size, bits } = parseNetwork(prefix)
  const count = 1n << BigInt(bits - size)
  const offset = number < 0 ? count + BigInt(number) : BigInt(number)
  if (offset < 0n || offset >= count) throw new HclError(`prefix of ${size} does not accommodate a host numbered ${number}`)
  return addressText(address + offset, bits)
}

function subnet({ address, size, bits }: Network, newBits: number, number: bigint): Network {
  if (newBits < 0 || size + newBits > bits) throw new HclError(`insufficient address space to extend prefix of ${size} by ${newBits}`)
  if (number < 0n || number >= 1n << BigInt(newBits))
    throw new HclError(`prefix extension of ${newBits} does not accommodate a subnet numbered ${number}`)
  return { address: address + (number << BigInt(bits - size - newBits)), size: size + newBits, bits }
}

function networkText({ address, size, bits }: Network): string {
  return `${addressText(address, bits)}/${size}`
}

function subnets(prefix: string, lengths: readonly number[]): GoValue {
  const network = parseNetwork(prefix)
  const end = network.address + (1n << BigInt(network.bits - network.size))
  let next = network.address
  return lengths.map((newBits) => {
    const { size } = subnet(network, newBits, 0n)
    const step = 1n << BigInt(network.bits - size)
    const start = ((next + step - 1n) / step) * step
    if (start + step > end) throw new HclError(`not enough remaining address space for a subnet with a prefix of ${size} bits`)
    next = start + step
    return networkText({ address: start, size, bits: network.bits })
  })
}

function netmask(prefix: string): string {
  const { size, bits } = parseNetwork(prefix)
  if (bits === 128) throw new HclError('IPv6 addresses cannot have a netmask')
  return addressText(((1n << BigInt(size)) - 1n) << BigInt(bits - size), bits)
}

/** Source: github.com/hashicorp/go-cty-funcs cidr */
export const NETWORK_FUNCTIONS: FunctionTable = {
  cidrhost: [2, 2, (prefix = null, number = null) => host(toText(prefix), toWhole(number))],
  cidrnetmask: [1, 1, (prefix = null) => netmask(toText(prefix))],
  cidrsubnet: [
    3,
    3,
    (prefix = null, bits = null, number = null) => networkText(subnet(parseNetwork(toText(prefix)), toWhole(bits), BigInt(toWhole(number)))),
  ],
  cidrsubnets: [1, Number.POSITIVE_INFINITY, (prefix = null, ...lengths) => subnets(toText(prefix), lengths.map(toWhole))],
}
