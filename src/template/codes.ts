/** Every diagnostic code of this folder, with what it means. */
export const templateCodes = {
  'template/syntax': 'the text is no valid template',
  'template/exec': 'a template failed while it ran',
  'template/missing': 'a template was asked for that nobody defines',
  'template/too-deep': 'templates call one another without end',
  'template/too-much': 'a template writes, loops or calls more than is allowed, or takes too long',
} as const

/** A diagnostic code of this folder. */
export type TemplateCode = keyof typeof templateCodes
