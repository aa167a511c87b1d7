/** The diagnostic codes of this folder. */
export type TemplateCode =
  /** The text is no valid template. */
  | 'template/syntax'
  /** A template failed while it ran. */
  | 'template/exec'
  /** A template was asked for that nobody defines. */
  | 'template/missing'
  /** Templates call one another without end. */
  | 'template/too-deep'
  /** A template writes, loops or calls more than is allowed, or takes too long. */
  | 'template/too-much'
