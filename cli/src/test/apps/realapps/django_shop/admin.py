"""The table in the admin, with a list view that searches and filters."""

from __future__ import annotations

from django.contrib import admin

from realapps.django_shop.models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "price")
    search_fields = ("name",)
