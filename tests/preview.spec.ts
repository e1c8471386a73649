import { askAll, DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { column, deleteDashboard, openApp, openDashboard, openExplore, panel, saveDashboard } from './host';

/** The preview host itself: what it says of itself, its switches, its stand-ins for Grafana's panels. */
test.describe('the preview', { tag: '@preview' }, () => {
  test('says that it is not Grafana, and answers nothing that it was not made for', async ({ page, shoot }) => {
    await openApp(page);
    await expect(page.getByRole('banner')).toContainText('Footfall preview');
    await expect(page.getByRole('banner')).toContainText('not Grafana');
    await shoot('preview');

    const unknown = await page.request.get('/api/folders');
    expect(unknown.status()).toBe(501);
    expect(await unknown.text()).toContain('/api/folders');
  });

  test('shows what each role sees', async ({ page }) => {
    await openApp(page);
    const links = page.getByRole('navigation', { name: 'Pages' });
    await expect(links.getByRole('link', { name: 'Data sources' })).toBeVisible();

    // Not check(): the switch loads the page anew, which would look like a radio button that did not change.
    await page.getByRole('radio', { name: 'Viewer' }).click({ force: true });
    await expect(page.getByText('Footfall is set up')).toBeVisible();
    await expect(links.getByRole('link', { name: 'Data sources' })).toBeHidden();
    expect((await page.request.get('/api/datasources')).status()).toBe(403);

    await page.getByRole('radio', { name: 'Admin' }).click({ force: true });
    await expect(links.getByRole('link', { name: 'Data sources' })).toBeVisible();
  });

  test('shows the SQL that was run', async ({ page, shoot }) => {
    await openExplore(page, { queryType: 'profiles', options: { columns: ['user_id'], limit: 3 } });
    await expect.poll(() => column(page, 'User ID')).toHaveLength(3);

    await page.getByRole('button', { name: 'Inspect' }).click();
    await expect(page.getByRole('dialog')).toContainText('footfall.profiles');
    await shoot('preview-inspect');
  });

  test('draws time series', async ({ page, shoot }) => {
    await openExplore(page, { queryType: 'explorer', options: { facets: [{ attribute: 'device_type' }] } });
    await expect(panel(page, 'Graph').locator('.u-over')).toBeVisible();
    await expect(panel(page, 'Graph').getByText('mobile')).toBeVisible();
    await shoot('preview-graph');
  });

  test.describe('dashboards', () => {
    const uid = 'footfall-e2e-stand-ins';
    const target = (options: object) => ({ refId: 'A', datasource: DATASOURCE, queryType: 'explorer', options });
    const grid = (x: number, y: number, w = 8, h = 6) => ({ gridPos: { x, y, w, h }, datasource: DATASOURCE });
    const devices = { format: 'table', facets: [{ attribute: 'device_type' }] };
    // Whole days of the past: the answer is the same at any hour, and while the test runs.
    const days = { from: 'now-20d/d', to: 'now-2d/d' };
    const dashboard = {
      uid,
      title: 'Stand-ins',
      time: days,
      links: [{ title: 'Everybody', type: 'link', url: '/d/footfall-others', keepTime: true, includeVars: true }],
      templating: {
        list: [
          {
            name: 'device',
            label: 'Device',
            type: 'custom',
            query: 'mobile,desktop',
            current: { value: 'mobile', text: 'mobile' },
          },
          { name: 'note', label: 'Note', type: 'textbox', query: 'a note' },
        ],
      },
      panels: [
        { id: 1, type: 'row', title: 'Open row', ...grid(0, 0, 24, 1), panels: [] },
        { id: 2, type: 'stat', title: 'Stat', ...grid(0, 1), targets: [target({ format: 'value' })] },
        {
          ...{ id: 3, type: 'bargauge', title: 'Bars', ...grid(8, 1), targets: [target(devices)] },
          options: { reduceOptions: { values: true }, orientation: 'horizontal' },
        },
        { id: 4, type: 'timeseries', title: 'Series', ...grid(16, 1), targets: [target({})] },
        {
          id: 5,
          type: 'text',
          title: 'Text',
          ...grid(0, 7),
          options: { mode: 'markdown', content: '**$device** and $note' },
        },
        { id: 6, type: 'barchart', title: 'Chart', ...grid(8, 7), targets: [target(devices)] },
        {
          id: 7,
          type: 'table',
          title: 'Table',
          ...grid(16, 7),
          targets: [target({ ...devices, filter: 'device_type:$device' })],
        },
        {
          ...{ id: 8, type: 'row', title: 'Closed row', collapsed: true, ...grid(0, 13, 24, 1) },
          panels: [{ id: 9, type: 'text', title: 'Hidden', ...grid(0, 14), options: { content: 'told when open' } }],
        },
      ],
    };

    test.beforeEach(({ page }) => saveDashboard(page, dashboard));
    test.afterEach(({ page }) => deleteDashboard(page, uid));

    test('are drawn by stand-ins, or a box says what needs Grafana', async ({ page, shoot }) => {
      const [[answer]] = await askAll(page.request, { queryType: 'explorer', options: { format: 'value' }, ...days });
      await openDashboard(page, uid);
      await expect(panel(page, 'Stat').getByText(String(Object.values(answer)[0]), { exact: true })).toBeVisible();
      await expect(panel(page, 'Bars').getByText('mobile')).toBeVisible();
      await expect(panel(page, 'Series').locator('.u-over')).toBeVisible();
      await expect(panel(page, 'Text').getByText('mobile and a note')).toBeVisible();
      await expect(panel(page, 'Chart').getByText('Bar chart: needs Grafana')).toBeVisible();
      await expect.poll(() => column(panel(page, 'Table'), 'Device type')).toEqual(['mobile']);
      await expect(page.getByText('told when open')).toBeHidden();
      await expect(page.getByRole('link', { name: 'Everybody' })).toHaveAttribute('href', /var-device=mobile/);
      await shoot('preview-stand-ins');

      await page.getByRole('button', { name: /Closed row/ }).click();
      await expect(page.getByText('told when open')).toBeVisible();
    });

    test('follow their address', async ({ page }) => {
      await openDashboard(page, uid, { device: 'desktop' });
      await expect.poll(() => column(panel(page, 'Table'), 'Device type')).toEqual(['desktop']);
      await page.evaluate(() => history.replaceState(history.state, '', '?var-device=mobile'));
      await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate', { state: history.state })));
      await expect.poll(() => column(panel(page, 'Table'), 'Device type')).toEqual(['mobile']);
    });
  });
});
