import { css } from '@emotion/css';
import { type GrafanaTheme2, type SelectableValue } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';

import { type Value } from '../audience/terms';
import { t } from '../text';

import { MEDIUM } from './narrow';

import { Choice } from './Choice';
import { type Counted, Facet } from './Facet';

/** One facet of the rail. */
export interface FacetState {
  attribute: string;
  name: string;
  values?: Counted[];
  /** There are other values. */
  more: boolean;
  error?: string;
  search: string;
  only: Value[];
  without: Value[];
}

interface Props {
  /** They are to be seen even where there is no room beside the list. */
  open: boolean;
  facets: FacetState[];
  loading: boolean;
  /** The counts are of an earlier question. */
  old: boolean;
  /** Attributes that can be added. */
  others: Array<SelectableValue<string>>;
  onChoose: (attribute: string, only: Value[], without: Value[]) => void;
  onSearch: (attribute: string, search: string) => void;
  onMore: (attribute: string) => void;
  onAdd: (attribute: string) => void;
  onRemove: (attribute: string) => void;
}

/** Values to narrow by, with how many there are of each. */
export function FacetRail({ open, facets, loading, old, others, onChoose, onSearch, onMore, onAdd, onRemove }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section aria-label={t('facets.title')} aria-busy={loading} className={styles.rail} data-open={open || undefined}>
      {facets.map((facet) => (
        <Facet
          key={facet.attribute}
          {...facet}
          old={old}
          onChoose={(only, without) => onChoose(facet.attribute, only, without)}
          onSearch={(search) => onSearch(facet.attribute, search)}
          onMore={() => onMore(facet.attribute)}
          onRemove={() => onRemove(facet.attribute)}
        />
      ))}
      <div className={styles.add}>
        <Choice label={t('facets.add')} placeholder={t('facets.add')} options={others} onChange={onAdd} />
      </div>
    </section>
  );
}

interface ToggleProps {
  open: boolean;
  onToggle: (open: boolean) => void;
}

/** Shows and hides the facets, where they do not stand beside the list. */
export function FacetsToggle({ open, onToggle }: ToggleProps) {
  const styles = useStyles2(getStyles);
  return (
    <Button
      {...{ className: styles.toggle, variant: 'secondary', icon: 'filter', 'aria-expanded': open }}
      onClick={() => onToggle(!open)}
    >
      {t('facets.title')}
    </Button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // Where there is no room beside the list, it is opened above it.
  rail: css({
    ...{ display: 'flex', flexDirection: 'column', minWidth: 0 },
    [MEDIUM]: { '&:not([data-open])': { display: 'none' } },
  }),
  toggle: css({ display: 'none', [MEDIUM]: { display: 'inline-flex' } }),
  add: css({ paddingTop: theme.spacing(1) }),
});
