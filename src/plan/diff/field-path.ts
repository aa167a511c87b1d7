/** One step into an object: a key of a map, or an element of a list, by what tells it apart or by its position. */
export type FieldStep = string | { readonly item: string }

/** Where in an object something stands, from the top. */
export type FieldPath = readonly FieldStep[]

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/

/** `spec.containers[web].image`, `metadata.labels["helm.sh/chart"]`; empty for the object itself. */
export function formatPath(path: FieldPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step !== 'string') text += `[${step.item}]`
    else if (PLAIN_KEY.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}
