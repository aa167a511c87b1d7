import type { GoMap } from '../go/values.ts'

/** What a template asks from outside: an object or a list of the cluster, or the address of a host. */
export type Question =
  | { readonly kind: 'lookup'; readonly apiVersion: string; readonly resource: string; readonly namespace: string; readonly name: string }
  | { readonly kind: 'host'; readonly host: string }

/** Answers a question at once, or with undefined when the answer has to be waited for. A lookup's answer is the object, or an empty map. */
export type Oracle = (question: Question) => GoMap | string | undefined

/** Thrown out of a render whose oracle had no answer: ask, then render again. */
export class Unanswered extends Error {
  readonly question: Question

  constructor(question: Question) {
    super('a template asks for something that is not known yet')
    this.question = question
  }
}

/** Answers questions by waiting for the network. */
export type AsyncOracle = (question: Question) => Promise<GoMap | string>

/** How often one render may stop for an answer. */
const MAX_QUESTIONS = 10_000

/**
 * What `render` gives once all it asks is answered: each unanswered question is put to `ask`, and rendering starts again from
 * the beginning with all answers so far. Answers do not change during this.
 *
 * @throws what `render` and `ask` throw
 */
export async function withAnswers<T>(render: (oracle: Oracle) => T, ask: AsyncOracle): Promise<T> {
  const answers = new Map<string, GoMap | string>()
  const oracle: Oracle = (question) => answers.get(JSON.stringify(question))
  for (let asked = 0; ; asked++) {
    try {
      return render(oracle)
    } catch (error) {
      if (!(error instanceof Unanswered) || asked >= MAX_QUESTIONS) throw error
      answers.set(JSON.stringify(error.question), await ask(error.question))
    }
  }
}
