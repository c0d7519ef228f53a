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
          <PageHeading title="Add a directory" />
          <p className={styles.lead}>
            For a second identity provider, or a second tenant of the same one. The directories you have are not
            touched.
          </p>
        </div>
        <ButtonLink to="/portal">Cancel</ButtonLink>
      </div>
      <ChooseProvider />
    </>
  );
}
