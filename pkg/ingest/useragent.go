package ingest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mileusna/useragent"
)

// userAgentField is no field of events: its value is read for those about device, system and browser.
const userAgentField = "user_agent"

// agent is what a browser's user agent says; empty where it says nothing, or nothing true.
type agent struct {
	device, osName, osVersion, browserName, browserVersion string
}

// Device types, beside those of sources that say their own.
const (
	deviceBot     = "bot"
	deviceDesktop = "desktop"
	deviceMobile  = "mobile"
	deviceTablet  = "tablet"
	deviceTV      = "tv"
)

// maxUserAgent is how much of a user agent is read, in bytes.
const maxUserAgent = 2048

// agents reads user agents and remembers those it has read: most rows have one of few.
type agents map[string]agent

// maxAgents bounds the memory of agents.
const maxAgents = 10_000

func (a agents) read(text string) agent {
	if found, ok := a[text]; ok {
		return found
	}
	if len(a) >= maxAgents {
		clear(a)
	}
	parsed := parseUserAgent(text)
	a[strings.Clone(text)] = parsed
	return parsed
}

// agentFields are the fields that a user agent gives, and what of it. What a row says itself stays: of a name and its
// version both or none.
var agentFields = [][]struct {
	to target
	of func(agent) string
}{
	{{fieldTargets["device.type"], func(a agent) string { return a.device }}},
	{{fieldTargets["os.name"], func(a agent) string { return a.osName }},
		{fieldTargets["os.version"], func(a agent) string { return a.osVersion }}},
	{{fieldTargets["browser.name"], func(a agent) string { return a.browserName }},
		{fieldTargets["browser.version"], func(a agent) string { return a.browserVersion }}},
}

// putUserAgent gives the row what its user agent says.
func (b *rowBuilder) putUserAgent() *badRow {
	if b.userAgent == "" {
		return nil
	}
	a := b.agents.read(b.userAgent)
	for _, group := range agentFields {
		said := false
		for _, field := range group {
			said = said || *field.to.field.Of(&b.row) != ""
		}
		for _, field := range group {
			if said {
				break
			}
			if bad := b.put(field.to, value{text: field.of(a)}); bad != nil {
				return bad
			}
		}
	}
	return nil
}

func parseUserAgent(text string) agent {
	text = strings.ToValidUTF8(text[:min(len(text), maxUserAgent)], "")
	if text == "-" { // as logs write none
		return agent{}
	}
	ua := useragent.Parse(text)
	a := agent{browserName: ua.Name, browserVersion: ua.Version}
	if ua.Name == strings.TrimSpace(text) || slices.Contains(noNames, ua.Name) {
		a.browserName, a.browserVersion = "", ""
	}
	if strings.Contains(text, "Trident/7.0") {
		a.browserName, a.browserVersion = useragent.InternetExplorer, "11.0"
	}
	if ua.Bot || isBot(text, ua.OS) {
		// A bot's system is what it pretends to be.
		a.device = deviceBot
		return a
	}
	a.osName, a.osVersion = ua.OS, osVersion(ua, text)
	a.device = deviceType(ua, text)
	return a
}

var television = regexp.MustCompile(`(?i)smart-?tv|hbbtv|web0s|(apple|google|android) ?tv|bravia|crkey|roku`)

// noNames are what the library calls a browser of which it knows nothing but the device or a part.
var noNames = []string{"iPhone", "iPad", "iPod", "X11", "Linux", "Macintosh", "Windows", "Gecko", "compatible"}

func deviceType(ua useragent.UserAgent, text string) string {
	switch {
	case television.MatchString(text):
		return deviceTV
	case ua.Tablet, ua.OS == useragent.Android && strings.HasPrefix(text, "Mozilla/") && !strings.Contains(text, "Mobile"):
		return deviceTablet
	case ua.Mobile:
		return deviceMobile
	case ua.Desktop:
		return deviceDesktop
	}
	return ""
}

// windowsVersions are the names of what Windows calls itself. 10.0 is Windows 10, 11 and whatever comes.
var windowsVersions = map[string]string{
	"5.0": "2000", "5.1": "XP", "5.2": "XP", "6.0": "Vista", "6.1": "7", "6.2": "8", "6.3": "8.1",
}

var (
	plainVersion = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
	newSafari    = regexp.MustCompile(`Version/(2[6-9]|[3-9][0-9])\.`)
)

// osVersion is the system's version, "" where browsers write the same one on every system.
func osVersion(ua useragent.UserAgent, text string) string {
	version := strings.Trim(ua.OSVersion, ".")
	switch {
	case ua.OS == useragent.Windows:
		return windowsVersions[version]
	case !plainVersion.MatchString(version),
		ua.OS == useragent.Linux, ua.OS == useragent.ChromeOS, ua.OS == useragent.FreeBSD,
		ua.OS == useragent.MacOS && (version == "10.15.7" || version == "10.15"),
		ua.OS == useragent.Android && version == "10" && strings.Contains(text, "Android 10; K)"),
		ua.OS == useragent.IOS && strings.HasPrefix(version, "18.") && newSafari.MatchString(text):
		return ""
	}
	return version
}

var (
	// botWords are what programs call themselves, and the addresses that they leave to be asked.
	botWords = regexp.MustCompile(`(?i)` + strings.Join([]string{
		`bot(\b|[^a-z])`, `^bot`, `robot`, `crawl`, `spider`, `slurp`, `scrap(e|y)`, `archiv`, `headless`, `phantomjs`, `lighthouse`,
		`page ?speed`, `pingdom`, `monitor`, `uptime`, `probe`, `validator`, `checker`, `preview`, `feed`, `\brss\b`, `reader\b`,
		`aggregator`, `fetch`, `index(er|ing)`, `scan`, `search`, `externalhit`, `externalagent`, `whatsapp`, `wordpress`, `libwww`,
		`imageproxy`, `favicon`, `\(via `, `agent\b`, `google-`, `-google`, `synthetic`, `inspect`, `verif(y|ication)`, `audit`, `survey`,
		`capture`, `optimi[sz]er`, `link ?check`, `httrack`, `httpclient`, `selenium`, `puppeteer`, `playwright`, `cypress`, `gtmetrix`,
		`ptst/`, `appinsights`, `nikto`, `openvas`, `zgrab`, `https?://`, `\bwww\.`, `[a-z0-9]\.(com|org|net|io)\b`, `[a-z0-9.]@[a-z0-9]`,
	}, "|"))
	// noBots are names of phones and of parts of a browser that look like those of bots.
	noBots = regexp.MustCompile(`(?i)cubot|libwww-fm`)
	// people are the beginnings of what browsers and apps send; programs begin with their own name.
	people = regexp.MustCompile(`^(Mozilla/.*(AppleWebKit|Gecko|KHTML|MSIE|Trident|Presto)|Opera|Instagram|Dalvik|E?Links|Lynx|Midori|w3m|BlackBerry|Nokia|SonyEricsson|` +
		`SAMSUNG|LG|MOT|HTC|UCWEB)|CFNetwork/|Darwin/|Profile/MIDP`)
)

// isBot tells programs from people. Of those that begin with their own name, the ones that name a system of phones or
// desks are apps, while on servers programs run.
func isBot(text, system string) bool {
	switch {
	case botWords.MatchString(noBots.ReplaceAllString(text, "")):
		return true
	}
	server := system == "" || system == useragent.Linux || system == useragent.FreeBSD
	return server && !people.MatchString(text)
}
