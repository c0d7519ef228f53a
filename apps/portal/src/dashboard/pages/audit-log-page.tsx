import { AuditList } from '../../features/audit/audit-list';
import { PageIntro } from '../../shared/ui/page-intro';

export function AuditLogPage() {
  return (
    <>
      <PageIntro title="Audit log" lead="Who did what, when and from where, refused sign-ins included." />
      <AuditList />
    </>
  );
}
