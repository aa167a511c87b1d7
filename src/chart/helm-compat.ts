/** Whose behaviour charts get, where the Helms differ: 3.18, 4.2, or 4.3, which is what `4` means. */
export type HelmCompat = '3' | '4.2' | '4'
