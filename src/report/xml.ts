/** Characters that XML 1.0 has no way to hold. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** `text` as the content or a quoted attribute of an element; what XML cannot hold becomes `?`. */
export function xmlText(text: string): string {
  return text.replace(FORBIDDEN, '?').replace(/[&<>"]/g, (character) => ENTITIES[character] as string)
}

/** One element; children are XML already, attributes are texts. Those that are undefined are left out. */
export function xmlElement(name: string, attributes: Readonly<Record<string, string | number | undefined>>, children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${xmlText(String(value)).replaceAll('\n', '&#10;')}"`],
  )
  const head = `${name}${written.join('')}`
  return children.length === 0
    ? `<${head}/>\n`
    : `<${head}>${children.some((child) => child.startsWith('<')) ? '\n' : ''}${children.join('')}</${name}>\n`
}

/** A document of one element. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`
}
