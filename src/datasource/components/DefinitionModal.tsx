import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Button, Modal, useStyles2 } from '@grafana/ui';
import React from 'react';

import { ConditionBuilder } from '../../components/conditions/ConditionBuilder';
import { useBuilding } from '../../components/conditions/useBuilding';
import { Count } from '../../components/Count';
import { Stack } from '../../components/Stack';
import { type SegmentDefinition } from '../../query/types.gen';

interface Props {
  datasource: string;
  /** Undefined for a new one. */
  definition?: SegmentDefinition;
  onUse: (definition: SegmentDefinition) => void;
  onClose: () => void;
}

/** Builds a definition that stands in a query. */
export default function DefinitionModal({ datasource, definition, onUse, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const building = useBuilding(datasource, definition);
  const { finished, previewed, counting } = building;
  const { preview, refusal } = previewed;
  return (
    <Modal title="Users who match" isOpen onDismiss={onClose} closeOnBackdropClick={false}>
      <Stack direction="column" className={styles.content}>
        <ConditionBuilder {...{ datasource, ...building }} />
        {preview && <p className={styles.sentence}>{preview.sentence}</p>}
        {refusal && !counting && <p role="alert">{refusal.message}</p>}
      </Stack>
      <Modal.ButtonRow
        leftItems={finished && <Count total={preview?.size} universe={preview?.universe} counting={counting} />}
      >
        <Button variant="secondary" fill="outline" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={!finished} onClick={() => finished && onUse(finished)}>
          Use these conditions
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  content: css({ gap: theme.spacing(1.5), p: { margin: 0 } }),
  sentence: css({ color: theme.colors.text.secondary, '&::first-letter': { textTransform: 'uppercase' } }),
});
