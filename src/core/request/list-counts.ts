import { EaselError } from '../errors';
import { requestField, type FieldName } from './fields';

/** A list of networks, and the lists of which the k-th entry belongs to the k-th network. */
export interface CountedLists {
  readonly networks: FieldName;
  /** What one network is, such as `ControlNet`, with its article. */
  readonly network: readonly [article: string, name: string];
  /** The other lists, with what one entry is. */
  readonly entries: Readonly<Partial<Record<FieldName, string>>>;
  /** Lists that have no default. */
  readonly required: readonly FieldName[];
}

type Lengths = Readonly<Partial<Record<FieldName, number>>>;

/**
 * Checks that what belongs to networks is there for each of them, or for none where it has a default.
 * @param lengths of the fields' lists; absent: none
 * @throws EaselError `bad-request` naming the option of a list of another length
 */
export function requireListCounts(
  { networks, network: [article, name], entries, required }: CountedLists,
  lengths: Lengths,
): void {
  const { [networks]: wanted = 0 } = lengths;
  for (const [field, entry] of Object.entries(entries) as [FieldName, string][]) {
    const { [field]: given = 0 } = lengths;
    if (given === wanted || (given === 0 && !required.includes(field))) continue;
    const [list, option] = [shownOption(networks), shownOption(field)];
    const message =
      wanted === 0
        ? `${option} belongs to ${article} ${name}, and none is given. Give one with ${list}, or leave it out.`
        : `${list} is given ${times(wanted)}, and ${option} ${times(given)}. Give one ${entry} for each ${name}, in the same order.`;
    throw new EaselError('bad-request', message, { field, [networks]: wanted, given });
  }
}

/** The option of a field, with its dashes. */
export function shownOption(field: FieldName): string {
  return `--${requestField(field).option?.name ?? field}`;
}

export function times(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`;
}
