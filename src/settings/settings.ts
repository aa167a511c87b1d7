/** What a team sets for Flotilla itself. The command line comes before it; what is absent keeps its default. */
export interface Settings {
  /** The Helm whose behaviour charts get. */
  readonly helmCompat?: '3' | '4.2' | '4'
  /** What becomes of values that nothing reads: true refuses them. */
  readonly strictValues?: boolean | 'warn'
  /** Releases at once; 0: no limit. */
  readonly concurrency?: number
  /** Needs may name releases of any file; independent branches of all files run together. */
  readonly oneGraph?: boolean
  /** What charts that are fetched must be. */
  readonly charts?: {
    /** `locked`: named by the lock files. `signed`: with the signature of somebody of the keyring. */
    readonly require?: 'locked' | 'signed'
    /** Public keys; absent: GnuPG's own keyring. */
    readonly keyring?: string
    /** Beginnings of the only URLs that charts may come from. */
    readonly sources?: readonly string[]
    /** Where registries have mirrors: containerd's folder certs.d, a registries.conf, or Docker's daemon.json. */
    readonly registries?: string
    /** Credential helpers (`docker-credential-<name>`) by the beginning of the URLs they are asked for. */
    readonly credentialHelpers?: Readonly<Record<string, string>>
    /** How much the cache may hold, in megabytes. */
    readonly cacheMegabytes?: number
  }
  readonly records?: {
    /** `omit`: values that come from secrets are not kept in the records. */
    readonly sensitive?: 'keep' | 'omit'
  }
  /** How runs keep out of each other's way. */
  readonly lock?: {
    /** What an environment is locked under, instead of what follows from its releases. */
    readonly name?: string
    /** Where the Lease lies; absent: the namespace of the kubeconfig context. */
    readonly namespace?: string
    /** How long to wait for another run: seconds, or `90s`, `5m`, `1h`. */
    readonly timeout?: string | number
  }
  readonly diff?: {
    /** Unchanged lines around a change; -1: all. */
    readonly context?: number
    /** Kinds that are left out. */
    readonly suppress?: readonly string[]
    /** Fields whose differences count for nothing. */
    readonly ignore?: readonly {
      /** A path as differences show it, or a JSON pointer. */
      readonly path: string
      /** Which objects, `*` standing for any characters. */
      readonly kind?: string
      readonly name?: string
      readonly namespace?: string
    }[]
  }
  /** How objects are written. */
  readonly apply?: {
    /** What becomes of fields that others own and charts want otherwise; the first that fits decides, and without one the write fails. */
    readonly conflicts?: readonly {
      readonly path: string
      readonly kind?: string
      readonly name?: string
      readonly namespace?: string
      /** The manager that owns the field. */
      readonly owner?: string
      readonly policy: 'take' | 'leave' | 'fail'
    }[]
    /** Objects that may be deleted and made anew where a field cannot change: `kind/name` or `namespace/kind/name`. */
    readonly recreate?: readonly string[]
  }
  /** What becomes of the CustomResourceDefinitions in charts' `crds/`; the first rule that fits a release counts. */
  readonly crds?: readonly {
    /** Which releases; absent: all. */
    readonly selector?: string
    /** `create`: made where missing, on install, as Helm does. `upgrade`: on upgrades too, over those that exist. `skip`: left to others. */
    readonly policy: 'create' | 'upgrade' | 'skip'
    /** What an upgrade may do although objects may be lost by it. */
    readonly allow?: readonly ('scope' | 'stored' | 'served' | 'schema')[]
  }[]
  /** Saved plans. */
  readonly plan?: {
    /** Age public keys that plans are encrypted for. */
    readonly recipients?: readonly string[]
    /** How long a plan may be applied: `30m`, `24h`, `7d`. */
    readonly maxAge?: string
  }
  /** How values travel from one environment to the next. */
  readonly promotion?: {
    /** Patterns of the paths of values that travel. */
    readonly keys?: readonly string[]
    /** The environments in the order in which they get a change. */
    readonly order?: readonly string[]
    /** What the source must be before something is promoted from it. */
    readonly require?: readonly PromotionGate[]
  }
  /** What is asked before anything is changed. */
  readonly policy?: ConfirmSettings & {
    /** By environment, over what counts for all. */
    readonly environments?: Readonly<Record<string, ConfirmSettings>>
  }
}

/** `never`: only with `--interactive`. `destructive`: when something is destroyed. `changes`: when anything changes. `always`: before every run that writes. */
export type ConfirmPolicy = 'never' | 'destructive' | 'changes' | 'always'

/** `deployed`: from these very values. `healthy`: every object is ready. `undrifted`: its plan is empty. */
export type PromotionGate = 'deployed' | 'healthy' | 'undrifted'

interface ConfirmSettings {
  readonly confirm?: ConfirmPolicy
}
