import { t } from '@lingui/core/macro';
import { markHidden } from '../format/mark-hidden';
import styles from './foreign-text.module.css';

/**
 * A text that somebody else wrote: a directory, an admin, the reader. It has its own direction and does not change that
 * of what stands beside it; what would act unseen in it is shown as a mark (Unicode's bidirectional algorithm, UAX 9, and
 * its security considerations, UTR 36).
 */
export function ForeignText({ text }: { text: string }) {
  return (
    <bdi dir="auto">
      {markHidden(text).map((piece, index) =>
        typeof piece === 'string' ? (
          piece
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- the pieces of one text have no other name
          <span key={index} className={styles.mark} title={t`Invisible character: ${{ name: piece.name }}`}>
            {piece.count === 1 ? piece.code : `${piece.code} ×${piece.count}`}
          </span>
        ),
      )}
    </bdi>
  );
}
