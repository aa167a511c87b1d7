/**
 * The functions whose results are others each time, whatever their arguments: they read the clock or randomness. A chart that names
 * none of them renders to the same bytes as long as its values, its files and the cluster are the same.
 */
export const varyingFunctions: ReadonlySet<string> = new Set([
  ...['now', 'ago'],
  ...['randAlphaNum', 'randAlpha', 'randNumeric', 'randAscii', 'randBytes', 'randInt', 'shuffle', 'uuidv4'],
  ...['bcrypt', 'htpasswd', 'encryptAES', 'genPrivateKey', 'genCA', 'genCAWithKey'],
  ...['genSelfSignedCert', 'genSelfSignedCertWithKey', 'genSignedCert', 'genSignedCertWithKey'],
])
