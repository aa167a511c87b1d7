/**
 * Two YAML libraries lie under Helm and Helmfile, and they differ; a dialect names whose rules hold.
 *
 * - `helm`: sigs.k8s.io/yaml 1.6 (go-yaml v2 rules, YAML 1.1 booleans for values and keys), then a trip through JSON: every
 *   number is a float64, keys are strings, the last duplicate key wins where the caller is not strict.
 * - `helmfile`: go.yaml.in/yaml/v3: integers stay int, floats float64, dates time.Time, yes/no/on/off strings unless a bool is asked for.
 */
export type Dialect = 'helm' | 'helmfile'
