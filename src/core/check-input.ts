import * as v from 'valibot';
import { EaselError } from './errors';

/**
 * Validates untrusted input against a schema and fills in the defaults.
 * @param what the name of the whole input, for errors without a field, such as `request`
 * @throws EaselError `bad-request`; the message has the field, its value and the limit
 */
export function checkInput<T extends v.GenericSchema>(
  schema: T,
  input: unknown,
  what: string,
): v.InferOutput<T> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? what;
  throw new EaselError('bad-request', `${field}: ${describeIssue(issue, what)}`, { field });
}

function describeIssue(issue: v.BaseIssue<unknown>, what: string): string {
  const got = issue.received;
  const wanted = issue.requirement;
  switch (issue.type) {
    case 'min_value':
      return `must be at least ${String(wanted)}, not ${got}.`;
    case 'max_value':
      return `must be at most ${String(wanted)}, not ${got}.`;
    case 'integer':
      return `must be a whole number, not ${got}.`;
    case 'picklist':
      return `must be ${(issue.expected ?? '').replaceAll('(', '').replaceAll(')', '').replaceAll(' | ', ' or ')}, not ${got}.`;
    case 'strict_object':
      return issue.expected === 'never' ? `is not a field of a ${what}.` : 'is missing.';
    case 'custom':
    case 'check':
    case 'regex':
      return `${issue.message}.`;
    case 'max_length':
      return `must have at most ${String(wanted)} characters.`;
    case 'non_empty':
      return 'must not be empty.';
    default:
      return `must be ${issue.expected ?? 'something else'}, not ${got}.`;
  }
}
