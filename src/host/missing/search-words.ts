import * as vscode from 'vscode';
import type { SubjectKnowledge } from '../../core/composition/knowledge';
import { nameOf } from '../files/image-files';
import { noticeText } from '../safe-text';
import type { Search } from './search';

/** Characters of a subject. */
const LONGEST_SUBJECT = 60;

/**
 * What a search for missing images came to, in one sentence: what was drawn, in how many files, and which
 * files were not read, so that nobody takes those for complete.
 */
export function describeSearch(search: Search, drawn: number): string {
  return [outcome(search, drawn), ...notRead(search)].join('; ');
}

/** Which subjects of the images that were drawn the starter may not know; empty where it knows all. */
export function describeDoubts(doubts: readonly SubjectKnowledge[]): string {
  const { t } = vscode.l10n;
  const subjects = [...new Set(doubts.map(({ subject }) => noticeText(subject, LONGEST_SUBJECT)))];
  const [first] = subjects;
  if (first === undefined) return '';
  return subjects.length === 1
    ? t('Look at it: the starter may not know "{0}"', first)
    : t('Look at them: the starter may not know "{0}" and {1} more', first, subjects.length - 1);
}

function outcome({ read }: Search, drawn: number): string {
  const { t } = vscode.l10n;
  if (read === 0) return t('No file that Easel can read was found');
  if (drawn === 0) {
    return read === 1
      ? t('No image is missing in 1 file')
      : t('No image is missing in {0} files', read);
  }
  if (drawn === 1) {
    return read === 1 ? t('1 image drawn in 1 file') : t('1 image drawn in {0} files', read);
  }
  return read === 1
    ? t('{0} images drawn in 1 file', drawn)
    : t('{0} images drawn in {1} files', drawn, read);
}

function notRead({ otherKinds, unread, isCut }: Search): string[] {
  const { t } = vscode.l10n;
  const texts = [...otherKinds].map(([ending, count]) =>
    count === 1
      ? t('1 .{0} file could not be read', ending)
      : t('{0} .{1} files could not be read', count, ending),
  );
  const [first] = unread;
  if (first && unread.length === 1) texts.push(t('{0} could not be read', nameOf(first)));
  if (first && unread.length > 1) {
    texts.push(t('{0} and {1} more files could not be read', nameOf(first), unread.length - 1));
  }
  if (isCut) texts.push(t('there are more files, which were not searched'));
  return texts;
}
