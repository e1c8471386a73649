import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { Input, useStyles2 } from '@grafana/ui';
import React, { type ComponentProps, type RefObject, useLayoutEffect, useRef } from 'react';

import { highlight, pieceAt } from '../audience/highlight';

interface Props extends Omit<ComponentProps<typeof Input>, 'value' | 'ref'> {
  value: string;
  /** Where the text is wrong, in characters from 1. */
  wrongAt?: number;
  inputRef: RefObject<HTMLInputElement | null>;
}

/**
 * A field whose text is coloured as a filter. The field's own text is transparent: over it lies the same text in colours,
 * in the same font and scrolled to the same place.
 */
export function FilterInput({ value, wrongAt, inputRef, ...rest }: Props) {
  const styles = useStyles2(getStyles);
  const drawn = useRef<HTMLDivElement>(null);
  const follow = () => {
    if (drawn.current && inputRef.current) {
      drawn.current.style.transform = `translateX(${-inputRef.current.scrollLeft}px)`;
    }
  };
  useLayoutEffect(() => {
    const box = drawn.current?.parentElement;
    if (box && inputRef.current) {
      copyPlace(inputRef.current, box);
    }
  }, [inputRef]);
  useLayoutEffect(follow);
  const pieces = highlight(value);
  const wrong = wrongAt === undefined ? -1 : pieceAt(pieces, wrongAt);
  return (
    <div className={styles.field}>
      <Input ref={inputRef} value={value} onScroll={follow} {...rest} />
      <div className={styles.cover} aria-hidden>
        <div ref={drawn} data-testid="coloured filter">
          {pieces.map(({ text, kind }, i) => (
            <span key={i} className={cx(styles[kind], i === wrong && styles.wrong)}>
              {text}
            </span>
          ))}
          {wrong === pieces.length && <span className={styles.wrong}>&nbsp;</span>}
        </div>
      </div>
    </div>
  );
}

/** The text's place in a field and its font, whatever this Grafana's fields look like. */
function copyPlace(field: HTMLElement, box: HTMLElement) {
  const { font, letterSpacing, paddingLeft, paddingRight, borderLeftWidth, borderRightWidth } = getComputedStyle(field);
  Object.assign(box.style, {
    ...{ font, letterSpacing },
    left: `calc(${paddingLeft} + ${borderLeftWidth})`,
    right: `calc(${paddingRight} + ${borderRightWidth})`,
  });
}

const getStyles = (theme: GrafanaTheme2) => ({
  field: css({
    ...{ position: 'relative', isolation: 'isolate', width: '100%' },
    input: { color: 'transparent', caretColor: theme.colors.text.primary },
  }),
  cover: css({
    ...{ position: 'absolute', top: 0, bottom: 0, display: 'flex', alignItems: 'center', overflow: 'hidden' },
    // Grafana's fields have a zIndex too.
    ...{ zIndex: 2, whiteSpace: 'pre', pointerEvents: 'none' },
    // The browser gives all texts a colour of its own there, the field's too.
    '@media (forced-colors: active)': { display: 'none' },
  }),
  name: css({ color: theme.colors.primary.text }),
  value: css({ color: theme.colors.success.text }),
  keyword: css({ color: theme.colors.warning.text }),
  sign: css({ color: theme.colors.text.secondary }),
  variable: css({ color: theme.visualization.getColorByName(theme.isDark ? 'purple' : 'semi-dark-purple') }),
  plain: css({ color: theme.colors.text.primary }),
  wrong: css({ textDecoration: `underline wavy ${theme.colors.error.text}`, textDecorationSkipInk: 'none' }),
});
