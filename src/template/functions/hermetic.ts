/**
 * The functions whose result is not settled by their arguments: they read the clock, randomness, the network or the cluster.
 * A chart that calls none of them renders to the same bytes every time.
 */
export const nonHermetic: ReadonlySet<string> = new Set([
  // the clock; some only when their argument is no time
  ...['now', 'ago', 'date', 'dateInZone', 'date_in_zone', 'htmlDate', 'htmlDateInZone', 'durationRound'],
  // randomness
  ...['randAlphaNum', 'randAlpha', 'randNumeric', 'randAscii', 'randBytes', 'randInt', 'shuffle', 'uuidv4'],
  ...['bcrypt', 'htpasswd', 'encryptAES', 'genPrivateKey', 'genCA', 'genCAWithKey'],
  ...['genSelfSignedCert', 'genSelfSignedCertWithKey', 'genSignedCert', 'genSignedCertWithKey'],
  // the network and the cluster
  ...['getHostByName', 'lookup'],
])
