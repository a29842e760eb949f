import type { PromptReading } from '../../../../src/core/composition/words';

/**
 * A reading in one line: kind: subjects with "+" between them | ground | size | ?unread words. A subject is its
 * relation in brackets, its count, its source (none: the model) and its words; a ground its name, form, light
 * and colours.
 */
export function inShort({ composition, size, unread }: PromptReading): string {
  const subjects = composition.subjects.map(({ words, source, count, relation }) =>
    [
      relation === undefined ? '' : `(${relation}) `,
      count === 1 ? '' : `${count} x `,
      source === 'model' ? '' : `${source} `,
      words,
    ].join(''),
  );
  const { ground } = composition;
  const behind =
    typeof ground === 'object'
      ? [
          ground.form === undefined ? ground.name : `${ground.name} (${ground.form})`,
          ground.time,
          ground.dark === true ? 'dark' : undefined,
          ...(ground.colours ?? []),
        ]
      : [ground];
  return [
    `${composition.kind}${composition.tiled === true ? ', tiled' : ''}: ${subjects.join(' + ')}`.trim(),
    behind.filter((part) => part !== undefined).join(' '),
    size === undefined ? '' : `${size.width} x ${size.height}`,
    unread.length === 0 ? '' : `?${unread.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' | ');
}
