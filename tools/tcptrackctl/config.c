// SPDX-License-Identifier: GPL-2.0
/*
 * tcptrackctl config { show | set }
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "listing.h"
#include "names.h"
#include "record.h"
#include "show.h"
#include "units.h"

/* What is to be set */
struct config_change {
	bool named[TCPTRACK_A_CONFIG_MAX + 1];
	uint64_t value[TCPTRACK_A_CONFIG_MAX + 1];
	struct filter filter;
};

/* An expression; without one, as where the module has none, of all flows */
static void config_show_filter(struct show *show, const struct nlattr *nest)
{
	const char *name = names_word(&names_settings,
				      TCPTRACK_A_CONFIG_EVENT_FILTER);
	struct filter_terms terms;
	char *text = NULL;
	size_t size;
	FILE *file;

	filter_get(&terms, nest);
	file = open_memstream(&text, &size);
	if (!file)
		return;
	filter_print(file, &terms);
	fclose(file);
	show_text(show, name, size ? text + 1 : "all");
	free(text);
}

static int config_on_config(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr[TCPTRACK_A_CONFIG_MAX + 1] = { NULL };
	struct record_attrs attrs = { attr, TCPTRACK_A_CONFIG_MAX };
	struct show *show = data;
	unsigned int i;

	mnl_attr_parse(nlh, NETLINK_FIXED, record_attr, &attrs);
	show_begin(show, 0);
	for (i = 0; i < names_settings.n; i++)
		if (i == TCPTRACK_A_CONFIG_EVENT_FILTER && attr[i])
			config_show_filter(show, attr[i]);
		else if (names_settings.word[i] && attr[i])
			show_number(show, names_settings.word[i],
				    record_number(attr[i]));
	show_end(show);
	return MNL_CB_OK;
}

static int config_show(const struct ctl_options *options, int argc, char **argv)
{
	static const struct show_what what = {
		"config", TCPTRACK_CMD_CONFIG_GET, 0, config_on_config,
	};

	return show_run(&what, options, argc, argv);
}

static bool config_is_switch(unsigned int setting)
{
	return setting == TCPTRACK_A_CONFIG_ENABLED ||
	       setting == TCPTRACK_A_CONFIG_KEEP_DETAIL;
}

static bool config_is_time(unsigned int setting)
{
	return setting >= TCPTRACK_A_CONFIG_TIMEOUT_HALF_OPEN &&
	       setting <= TCPTRACK_A_CONFIG_TIMEOUT_CLOSED;
}

static bool config_parse_switch(const char *text, uint64_t *value)
{
	if (!strcasecmp(text, "on"))
		*value = 1;
	else if (!strcasecmp(text, "off"))
		*value = 0;
	else
		return units_parse_number(text, value) && *value <= UINT8_MAX;
	return true;
}

/* What is in range, the kernel knows */
static bool config_parse(unsigned int setting, const char *text,
			 uint64_t *value)
{
	uint64_t ms;

	if (config_is_switch(setting))
		return config_parse_switch(text, value);
	if (!config_is_time(setting))
		return units_parse_number(text, value) && *value <= UINT32_MAX;
	if (!units_parse_ms(text, &ms) || ms % 1000)
		return false;
	*value = ms / 1000;
	return *value <= UINT32_MAX;
}

static const char *config_kind(unsigned int setting)
{
	if (config_is_switch(setting))
		return "neither 'on' nor 'off'";
	if (config_is_time(setting))
		return "no number of seconds, nor a time such as '5m' or '2d'";
	return "no number of flows";
}

/* Which events there are is said by the kernel's own filter alone */
static int config_parse_filter(struct config_change *change, int argc,
			       char **argv)
{
	static const struct ctl_options none;

	if (!filter_read(&change->filter, &none, argc, argv))
		return CTL_USAGE;
	if (change->filter.exact)
		return CTL_OK;
	return ctl_misused("config set: event_filter: %s", filter_inexact);
}

/* A name and its value, or an expression that goes to the end.  Return: exit
 * status.
 */
static int config_take(struct config_change *change, int argc, char **argv)
{
	int setting = names_find(&names_settings, argv[0]);

	if (setting < 0)
		return ctl_misused("config set: '%s' is no setting: see '%s'",
				   argv[0], "tcptrackctl config show");
	if (change->named[setting])
		return ctl_misused("config set: '%s' is there twice", argv[0]);
	if (argc < 2)
		return ctl_misused("config set: '%s' needs a value", argv[0]);
	change->named[setting] = true;
	if (setting == TCPTRACK_A_CONFIG_EVENT_FILTER)
		return config_parse_filter(change, argc - 1, argv + 1);
	if (!config_parse(setting, argv[1], &change->value[setting]))
		return ctl_misused("config set: %s: '%s' is %s", argv[0],
				   argv[1], config_kind(setting));
	return CTL_OK;
}

static void config_put(struct nlmsghdr *nlh, const struct config_change *change)
{
	unsigned int i;

	for (i = 0; i < CTL_COUNT(change->named); i++) {
		if (!change->named[i])
			continue;
		if (i == TCPTRACK_A_CONFIG_EVENT_FILTER)
			filter_put_any(nlh, i, &change->filter.kernel);
		else if (config_is_switch(i))
			mnl_attr_put_u8(nlh, i, change->value[i]);
		else
			mnl_attr_put_u32(nlh, i, change->value[i]);
	}
}

static const char *config_word(unsigned int type)
{
	return names_word(&names_settings, type);
}

static int config_apply(const struct ctl_options *options,
			const struct config_change *change)
{
	struct netlink *nl = netlink_open(options);
	struct nlmsghdr *nlh;
	int status;

	if (!nl)
		return CTL_DATA;
	nl->word = config_word;
	nlh = netlink_begin(nl, TCPTRACK_CMD_CONFIG_SET, 0);
	config_put(nlh, change);
	status = netlink_run(nl, nlh, NULL, NULL);
	netlink_close(nl);
	return status;
}

static int config_set(const struct ctl_options *options, int argc, char **argv)
{
	struct config_change change = { 0 };
	int status = CTL_OK, i;

	if (!argc)
		return ctl_misused("config set: needs NAME VALUE: see '%s'",
				   "tcptrackctl config show");
	for (i = 0; i < argc && status == CTL_OK; i += 2) {
		status = config_take(&change, argc - i, argv + i);
		if (change.named[TCPTRACK_A_CONFIG_EVENT_FILTER])
			break;
	}
	if (status == CTL_OK)
		status = config_apply(options, &change);
	filter_free(&change.filter);
	return status;
}

static int config_run(const struct ctl_options *options, int argc, char **argv)
{
	static const struct ctl_verb verbs[] = {
		{ "show",	config_show },
		{ "set",	config_set },
	};

	return ctl_run_verb("config", verbs, CTL_COUNT(verbs), options, argc,
			    argv);
}

const struct ctl_object config_object = {
	"config", config_run,
	"Usage: tcptrackctl config [ show ]\n"
	"       tcptrackctl config set [ NAME VALUE ] ... [ event_filter { FILTER | all } ]\n"
	"\n"
	"Names are those of net.tcptrack.*; timeouts are in seconds, or such as\n"
	"'5m' or '2d'. All that is named is set, or nothing. Events are made of\n"
	"flows that match 'event_filter', as of 'tcptrackctl flow', and no others.\n"
};
