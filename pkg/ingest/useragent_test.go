package ingest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestUserAgents(t *testing.T) {
	const chrome = " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
	for text, want := range map[string]agent{
		"Mozilla/5.0 (Windows NT 6.1; WOW64)" + chrome + "Safari/537.36":                                                                              {"desktop", "Windows", "7", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1)" + chrome + "Safari/537.36":                                                                   {"desktop", "macOS", "10.9.1", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (Linux; Android 14; SM-S921B)" + chrome + "Mobile Safari/537.36":                                                                 {"mobile", "Android", "14", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":              {"tablet", "iOS", "17.5", "Safari", "17.5"},
		"Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0":                                                                        {"mobile", "Android", "14", "Firefox", "127.0"},
		"Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko":                                                                               {"desktop", "Windows", "7", "Internet Explorer", "11.0"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148":                               {"mobile", "iOS", "17.5", "", ""},
		"Mozilla/5.0 (Linux; Android 12; CUBOT X50)" + chrome + "Mobile Safari/537.36":                                                                {"mobile", "Android", "12", "Chrome", "126.0.0.0"},
		"MyShop/3.2 (iPhone; iOS 17.5; Scale/3.00)":                                                                                                   {"mobile", "iOS", "17.5", "MyShop", "3.2"},
		"Mozilla/5.0 (Web0S; Linux/SmartTV)" + chrome + "Safari/537.36":                                                                               {"tv", "Linux", "", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64)" + chrome + "Safari/537.36 Edg/126.0.0.0":                                                          {"desktop", "Windows", "", "Edge", "126.0.0.0"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":                       {"desktop", "macOS", "", "Safari", "17.5"},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0":                                                        {"desktop", "macOS", "", "Firefox", "127.0"},
		"Mozilla/5.0 (Linux; Android 10; K)" + chrome + "Mobile Safari/537.36":                                                                        {"mobile", "Android", "", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (Linux; Android 10; K)" + chrome + "Safari/537.36":                                                                               {"tablet", "Android", "", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (Linux; Android 10; Pixel 3)" + chrome + "Mobile Safari/537.36":                                                                  {"mobile", "Android", "10", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1":     {"mobile", "iOS", "", "Safari", "26.0"},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1":     {"mobile", "iOS", "18.6", "Safari", "18.6"},
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)" + chrome + "Safari/537.36":                                                                         {"desktop", "ChromeOS", "", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                      {"desktop", "Linux", "", "Firefox", "127.0"},
		"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X)" + chrome + "Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": {"bot", "", "", "Googlebot", "2.1"},
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)":                                      {"bot", "", "", "GPTBot", "1.2"},
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36":                               {"bot", "", "", "Headless Chrome", "126.0.0.0"},
		"python-requests/1.2.0 CPython/2.7.4 Linux/3.8.0-33-generic":                                                                                  {"bot", "", "", "python-requests", "1.2.0"},
		"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.50727)":                                                         {"desktop", "Windows", "7", "Internet Explorer", "8.0"},
		"Mozilla/5.0 (Windows NT 10.0)" + chrome + "Safari/537.36 DatadogSynthetics":                                                                  {"bot", "", "", "Chrome", "126.0.0.0"},
		"Mozilla/5.0 (compatible; Google-InspectionTool/1.0)":                                                                                         {"bot", "", "", "Google-InspectionTool", "1.0"},
		"Lynx/2.8.7rel.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.0.1f":                                                                                  {"", "", "", "Lynx", "2.8.7rel.2"},
		"curl/8.5.0": {"bot", "", "", "curl", "8.5.0"},
		"-":          {},
	} {
		require.Equal(t, want, parseUserAgent(text), text)
	}
}

// TestAnyUserAgent: no text breaks the parser, and the same text is read the same way.
func TestAnyUserAgent(t *testing.T) {
	part := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Mozilla/5.0 ", "(", ")", ";", "Android", " Android 10; K)", "Tablet", "Linux", "/", "http://", "[", "]"}))
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, piece := range rapid.SliceOfN(part, 0, 8).Draw(t, "parts") {
			text += piece
		}
		a := agents{}
		require.Equal(t, a.read(text), a.read(text))
		require.Equal(t, parseUserAgent(text), parseUserAgent(text))
	})
}

// What a row says of itself stays; its user agent gives the rest.
func TestUserAgentColumn(t *testing.T) {
	pool := testdb.New(t)
	const googlebot = "Googlebot/2.1 (+http://www.google.com/bot.html)"
	const windows = "Mozilla/5.0 (Windows NT 6.1; rv:27.0) Gecko/20100101 Firefox/27.0"
	file := write(t, "a.csv", "ts,type,ua,os.name,browser.version,kept\n1779012301,view,"+googlebot+",,,\n1779012302,view,"+windows+",,,\n"+
		"1779012303,view,"+windows+",Haiku,9,\n1779012304,view,,,,\n")
	m := mapping(t, []string{"user_agent=ua"}, nil)
	require.NoError(t, m.ParseTranslations([]string{"device.type:desktop=Desktop"}))
	_, err := Import(context.Background(), pool, []string{file}, Options{Mapping: m})
	require.NoError(t, err)
	require.Equal(t, []string{"bot,,,Googlebot,2.1,", "Desktop,Windows,7,Firefox,27.0,", "Desktop,Haiku,,,9,", ",,,,,"}, texts(t, pool, `
		select concat(device_type, ',', os_name, ',', os_version, ',', browser_name, ',', browser_version, ',', attributes)
		  from footfall.inbox order by ts`))
}
