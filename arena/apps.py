from django.contrib.admin import apps as admin


class ArenaAdminConfig(admin.AdminConfig):
    default = False
    default_site = "arena.panel.ArenaAdminSite"
