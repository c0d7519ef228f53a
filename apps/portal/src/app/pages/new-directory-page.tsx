import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ButtonLink } from '../../shared/ui/button';
import { PageHeading } from '../../shared/ui/page-heading';
import { ChooseProvider } from './choose-provider';
import styles from './pages.module.css';

/** One more directory, beside those there are. */
export function NewDirectoryPage() {
  return (
    <>
      <div className={styles.intro}>
        <div>
          <PageHeading title={t`Add a directory`} />
          <p className={styles.lead}>
            <Trans>
              For a second identity provider, or a second tenant of the same one. The directories you have are not
              touched.
            </Trans>
          </p>
        </div>
        <ButtonLink to="/portal">
          <Trans>Cancel</Trans>
        </ButtonLink>
      </div>
      <ChooseProvider />
    </>
  );
}
